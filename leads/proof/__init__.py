"""The proof that leaves the house: files, letters, the auditor's pack."""
