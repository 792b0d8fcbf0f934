"""What can be asked for: every address of the resolver, and every form and question that the pages themselves offer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.input.scene import Scene

#: Where a pattern has a hole: `<int:pk>`, `(?P<key>.+)`.
_HOLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
_SENDS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Target:
    """A good request, to be spoiled: who asks, how, where, and the fields that the form sends as it stands."""

    who: str
    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    multipart: bool = False
    htmx: bool = False

    @property
    def sort(self) -> tuple[str, ...]:
        """The same form on many pages is one target; so are a form of one lead and of another."""
        shape = re.sub(r"[0-9a-f-]{36}|\d+", "*", self.path)
        return (shape, self.method, self.who, str(self.htmx), *sorted({name for name, _ in self.fields}))


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the resolver as it is written, with its name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), one.name or ""


def addresses(scene: Scene) -> Iterator[str]:
    """The addresses with their holes filled in, each hole with whatever the scene has for it.

    A hole that the scene knows nothing of is filled with what belongs to nobody: the address is asked for all the same.
    """
    for written, name in patterns():
        bare = written.replace("^", "").replace("$", "")
        if bare.startswith("admin/(?P<url>"):
            bare = "admin/nothing/"
        yield from _filled(bare, scene, name)


def _filled(bare: str, scene: Scene, name: str) -> Iterator[str]:
    hole = _HOLE.search(bare)
    if hole is None:
        yield f"/{bare}"
        return
    key = hole[1] or hole[2]
    for value in _values_for(key, scene, name):
        yield from _filled(bare[: hole.start()] + str(value) + bare[hole.end() :], scene, name)


def _values_for(key: str, scene: Scene, name: str) -> list[Any]:
    if key == "object_id":
        label, _, rest = name.partition("_")
        model = apps.get_model(label, rest.partition("_")[0]) if rest and label in apps.app_configs else None
        first = model._default_manager.order_by("-pk").first() if model else None
        return [first.pk if first else "1"]
    return scene.values.get(key, ["1"])


class Forms(HTMLParser):
    """The forms of a page, and the addresses with a question mark that it names."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.forms: list[dict[str, Any]] = []
        self.questions: list[str] = []
        self._open: dict[str, Any] | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        asked = [said[f"hx-{way}"] for way in _SENDS if f"hx-{way}" in said]
        for address in [said.get("href", ""), said.get("data-url", ""), *asked]:
            if address.startswith(("/", "?")) and not address.startswith("/static"):
                self.questions.append(address)
        match tag:
            case "form":
                self._open = {
                    "method": said.get("method", "get").upper(),
                    "action": said.get("action") or self.page,
                    "multipart": "multipart" in said.get("enctype", ""),
                    "htmx": any(f"hx-{way}" in said for way in _SENDS),
                    "fields": [],
                }
                self.forms.append(self._open)
            case "input" | "button":
                self._field(said, tag)
            case "select":
                self._select = said.get("name", "")
            case "option" if self._select:
                self._add(self._select, said.get("value", ""), chosen="selected" in said)
            case "textarea":
                self._area = said.get("name", "")
                self._add(self._area, "")

    def _field(self, said: dict[str, str], tag: str) -> None:
        if not said.get("name") or "disabled" in said:
            return
        kind = said.get("type", "text" if tag == "input" else "submit")
        chosen = "checked" in said if kind in ("radio", "checkbox") else True
        self._add(said["name"], said.get("value", "on" if kind == "checkbox" else ""), chosen=chosen)

    def _add(self, name: str, value: str, *, chosen: bool = True) -> None:
        if self._open is None or not name or name == "csrfmiddlewaretoken":
            return
        fields = self._open["fields"]
        if any(known == name for known, _ in fields) and not chosen:
            return
        if chosen and self._select == name:
            fields[:] = [(known, said) for known, said in fields if known != name]
        fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def targets_on(page: str, html: str, who: str) -> tuple[list[Target], list[str]]:
    """The forms of a page as targets, and the questions that it offers."""
    found = Forms(page)
    found.feed(html)
    forms = [
        Target(
            who,
            form["method"],
            urlsplit(form["action"]).path or urlsplit(page).path,
            (*parse_qsl(urlsplit(form["action"]).query), *islice(form["fields"], 120)),
            form["multipart"],
            form["htmx"],
        )
        for form in found.forms
    ]
    return forms, found.questions
