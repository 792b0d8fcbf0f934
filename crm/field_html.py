"""The HTML of form fields, as Django's own templates would write it, without a template for each of their parts.

A choice among an office's agents is one `<option>` for each of them, and Django draws each with two templates; on the
page of a lead that was a third of all its time. `tests/test_field_html.py` holds every field against Django's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape

Widget = Mapping[str, Any]
_FOLDER = "django/forms/widgets/"


class FieldHtml(DjangoTemplates):
    """Draws the fields that it knows; the others, and whole forms, are drawn by Django."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """In: the template that Django would take, and what it would show. Out: the HTML."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return str(super().render(template_name, context, request))
        return draw(context["widget"]).strip()


def _text(value: object) -> str:
    return str(conditional_escape(value if isinstance(value, str) else str(value)))


def _attributes(widget: Widget) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is not False:
            parts.append(f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{shown}{_attributes(widget)}>'


def _input_option(widget: Widget) -> str:
    """One radio or tick box, where it is wanted inside its label."""
    if not widget.get("wrap_label"):
        return _input(widget)
    key = widget["attrs"].get("id")
    of = f' for="{_text(key)}"' if key else ""
    return f"<label{of}>{_input(widget)}\n {_label(widget)}</label>"


def _textarea(widget: Widget) -> str:
    value = widget["value"]
    # The first line break is not part of what was typed: browsers leave it out.
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{_text(value) if value else ""}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_text(localize(group))}">')
        parts += [
            f'\n  <option value="{_text(option["value"])}"{_attributes(option)}>{_label(option)}</option>\n'
            for option in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _label(widget: Widget) -> str:
    return _text(localize(widget["label"]))


_INPUTS = ("checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "search")
_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in (*_INPUTS, "tel", "text", "time", "url")},
    **{f"{_FOLDER}{name}.html": _input_option for name in ("checkbox_option", "input_option", "radio_option")},
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}textarea.html": _textarea,
}
