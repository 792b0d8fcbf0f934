"""`{{ n|grouped }}`: numbers as people read them."""

from django import template

from ..board.mix import grouped as with_thin_spaces

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """A whole number with thin spaces between its thousands."""
    return with_thin_spaces(number)
