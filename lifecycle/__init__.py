"""The log, the rules and the past of a lead. Knows nothing of contact data, pages or settings above it."""
