"""What the board shows: which leads, in which columns, with which words. Reads only."""
