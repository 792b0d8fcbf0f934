"""`{% filter unlinked %}`: a part of a real page as a sample. It looks the same and leads nowhere."""

import re

from django import template
from django.template.defaultfilters import stringfilter

register = template.Library()

_TAG = re.compile(r"<(?:a|li|section)\b[^>]*>")
_LEADS_SOMEWHERE = re.compile(r' (?:href|id|draggable|aria-[\w-]+|data-[\w-]+)="[^"]*"')


@register.filter(is_safe=True)
@stringfilter
def unlinked(markup: str) -> str:
    """The markup with links, ids and names of controls taken off; classes, words and pictures stay."""
    return _TAG.sub(lambda tag: _LEADS_SOMEWHERE.sub("", tag.group()), markup)
