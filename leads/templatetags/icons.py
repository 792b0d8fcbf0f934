"""`{% icon "clock" %}`: one drawing of the sprite. Decoration only; the words beside it carry the meaning."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` of `static/vendor/lucide/sprite.svg`; with `label` it is read out, without it is silent."""
    return _labelled(name, label) if label else _silent(name)


@cache
def _silent(name: str) -> SafeString:
    # A page draws the same dozen icons hundreds of times, and finding out their address is the price of a card.
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("vendor/lucide/sprite.svg"), name
    )


def _labelled(name: str, label: str) -> SafeString:
    sprite = static("vendor/lucide/sprite.svg")
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name)
