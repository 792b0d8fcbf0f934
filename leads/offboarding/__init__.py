"""Somebody leaves the office, in one action: the open leads are handed on, the account is closed, nobody gets in."""

from .going import begin, carry_on
from .rights import hindrance

__all__ = ["begin", "carry_on", "hindrance"]
