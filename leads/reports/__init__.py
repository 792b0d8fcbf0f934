"""What the pages of the reports need: figures of `lifecycle.reports` in words, links and charts."""
