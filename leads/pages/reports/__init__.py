"""The pages of reports: one module a question."""
