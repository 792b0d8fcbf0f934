"""A chip: what it says, its icon, how it looks (classes), and what a longer look tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    words: str
    icon: str
    look: str = ""
    more: str = ""
