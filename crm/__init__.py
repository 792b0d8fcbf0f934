"""Wires the product together: settings, addresses, middleware. Imported by no other folder."""
