"""Who may open what: docs/permissions.md, read and held against the product; and what must never get through."""
