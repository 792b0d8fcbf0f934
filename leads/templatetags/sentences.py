"""`{% filter sentences %}`: text whose sentences begin with a capital where a lead has no name to say."""

from django import template
from django.template.defaultfilters import stringfilter

from ..lead_page.called import open_sentences

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def sentences(text: str) -> str:
    """The text with "This lead" where a sentence began with "this lead"; names stay as they are written."""
    return open_sentences(text)
