// The import of leads. Every page works without it.
