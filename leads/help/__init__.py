"""The help: what its pages show, drawn from the tables of the rules and the office's own numbers. Reads only."""
