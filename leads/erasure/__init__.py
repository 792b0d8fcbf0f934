"""The right to be forgotten: where a person's data lie, what erasing them takes away, and what stays."""

from .doing import erase

__all__ = ["erase"]
