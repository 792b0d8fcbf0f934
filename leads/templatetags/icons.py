"""`{% icon "clock" %}`: one drawing of the sprite. Decoration only; the words beside it carry the meaning."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """The icon `name` of `static/vendor/lucide/sprite.svg`; with `label` it is read out, without it is silent."""
    sprite = static("vendor/lucide/sprite.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)
