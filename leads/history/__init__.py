"""Histories of other systems, brought in as real facts."""
