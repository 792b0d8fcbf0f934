"""`{{ message|offer }}`: what the message of a move offers to take back."""

from typing import Any

from django import template

from ..pages.answers import Undo
from ..pages.told import offer_in

register = template.Library()


@register.filter
def offer(message: Any) -> Undo | None:
    """The offer to undo that travels with a message; None for a message that offers nothing."""
    return offer_in(message)
