"""May we contact this lead, might we have on another day, and who says so: the consent ledger in words."""
