"""What the pages of reports need besides the figures: the question in the address, names of people, words, links."""
