"""Proof that the log is the one that was there before: Merkle roots, signed checkpoints, packs for an auditor."""
