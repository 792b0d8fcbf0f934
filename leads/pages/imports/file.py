"""Step 1: how the file is read, with its first rows to see whether that is right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from lifecycle.errors import BadInput

from ...imports.reading import ENCODINGS, BadFile, Probe, Shape, encoding_label, probe
from ...imports.receiving import fitting, survey_of
from ...imports.sources import suggest_source
from ...imports.spellings import spellings
from .earlier import known_sources
from .start import read_source
from .wizard import Wizard, step_page

#: As it stands in an address → the character, and what a person calls it.
DELIMITERS: dict[str, tuple[str, str | Promise]] = {
    "comma": (",", pgettext_lazy("between cells", "comma ,")),
    "semicolon": (";", pgettext_lazy("between cells", "semicolon ;")),
    "tab": ("\t", pgettext_lazy("between cells", "tab")),
    "bar": ("|", pgettext_lazy("between cells", "vertical bar |")),
}
ROWS, COLUMNS, LONGEST = 10, 60, 160
_COMPARED = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select, or one encoding with what the file looks like in it (``sample``)."""

    value: str
    label: str
    on: bool
    sample: str = ""


@step_page("file")
def file(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """Shows the file in the shape that is asked for, or keeps the shape that was looked at."""
    kept = wizard.shape
    if request.method == "POST":
        return _keep(request, wizard)
    try:
        shape = kept if kept.sheet else _asked(request.GET, kept)
    except BadInput as refused:
        return _show(wizard, kept, [(refused.sentence, "")], status=400)
    return _show(wizard, shape)


def _keep(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    kept = wizard.shape
    try:
        shape = kept if kept.sheet else _asked(request.POST, kept)
        source = read_source(request.POST.get("source", ""))
        if not source:
            raise BadInput(gettext("Name the system that this file comes from."), field="import-source")
        seen = probe(wizard.path, shape)
    except BadInput as refused:
        where = "import-source" if refused.field in ("source", "import-source") else ""
        return _show(wizard, kept, [(refused.sentence, where)], status=422)
    except BadFile as refused:
        return _show(wizard, shape, [(refused.sentence, "import-encoding")], status=422)
    found: dict[str, object] = survey_of(seen) | {"quick": request.POST.get("step") == "guess"}
    if seen.shape != kept or seen.header != wizard.header:
        # Its words were counted as they were read before.
        found |= {"rows": 0, "statuses": {}, "owners": {}, "dates": {}}
    wizard.keep(lambda mapping: fitting(mapping, seen.header, seen.shape), survey=found, source=source)
    return wizard.go_on()


def _asked(values: Mapping[str, str], kept: Shape) -> Shape:
    encoding, delimiter = values.get("encoding", kept.encoding), values.get("delimiter", "")
    if encoding not in ENCODINGS:
        raise BadInput(gettext("There is no such encoding here. Choose one from the list."), field="encoding")
    if not delimiter:
        return replace(kept, encoding=encoding)
    if delimiter not in DELIMITERS and delimiter != kept.delimiter:
        raise BadInput(gettext("Cells are not parted by that. Choose one from the list."), field="delimiter")
    return Shape(encoding, DELIMITERS[delimiter][0] if delimiter in DELIMITERS else delimiter)


def _show(
    wizard: Wizard, shape: Shape, refused: list[tuple[str, str]] | None = None, *, status: int = 200
) -> HttpResponse:
    refused = refused or []
    seen: Probe | None = None
    try:
        seen = probe(wizard.path, shape)
    except BadFile as bad:
        if not refused:
            refused, status = [(bad.sentence, "import-encoding")], 422
    typed = wizard.request.POST.get("source")
    context = {
        "refused": refused,
        "refused_title": gettext("Not read"),
        "shape": shape,
        "encodings": _encodings(wizard, shape, seen),
        "delimiters": _delimiters(shape),
        "delimiter": _name_of(shape.delimiter),
        "looks": _looks(wizard, shape, seen),
        "best": _better(wizard, shape, seen),
        "seen": _table(seen) if seen else None,
        "source": wizard.imp.source if typed is None else typed,
        "suggested": not wizard.is_confirmed and wizard.imp.source == suggest_source(wizard.header),
        "sources": known_sources(),
    }
    if wizard.request.headers.get("HX-Request") == "true":
        return wizard.show("imports/file_partial.html", context, status=status)
    return wizard.show("imports/file.html", context, status=status)


def _fits(wizard: Wizard, seen: Probe | None) -> list[str]:
    """The encodings in which the file can be read, the likeliest first."""
    return list(seen.encodings if seen else wizard.survey.get("encodings", []))


def _encodings(wizard: Wizard, shape: Shape, seen: Probe | None) -> tuple[list[Option], list[Option]]:
    """The encodings that fit, and all others."""
    fits = _fits(wizard, seen)
    names = (fits, [name for name in ENCODINGS if name not in fits])
    likely, others = ([Option(n, encoding_label(n), n == shape.encoding) for n in group] for group in names)
    return likely, others


def _delimiters(shape: Shape) -> list[Option]:
    options = [Option(name, str(label), shape.delimiter == char) for name, (char, label) in DELIMITERS.items()]
    return options if any(o.on for o in options) else [*options, Option(shape.delimiter, shape.delimiter, True)]


def _name_of(delimiter: str) -> str:
    return next((name for name, (char, _) in DELIMITERS.items() if char == delimiter), delimiter)


def _looks(wizard: Wizard, shape: Shape, seen: Probe | None) -> list[Option]:
    """The same words in the encoding that is chosen and in the likeliest others."""
    if shape.sheet:
        return []
    names = list(dict.fromkeys([shape.encoding, *_fits(wizard, seen)[:_COMPARED]]))[:_COMPARED]
    return [
        Option(name, encoding_label(name), name == shape.encoding, said) for name, said in spellings(wizard.path, names)
    ]


def _better(wizard: Wizard, shape: Shape, seen: Probe | None) -> Option | None:
    """The likeliest encoding, where another one is chosen."""
    fits = _fits(wizard, seen)
    if shape.sheet or not fits or shape.encoding == fits[0]:
        return None
    return Option(fits[0], encoding_label(fits[0]), False)


def _table(seen: Probe) -> dict[str, Any]:
    return {
        "header": seen.header[:COLUMNS],
        "rows": [
            {"line": r.line, "cells": [cell[:LONGEST] for cell in r.cells[:COLUMNS]], "problem": r.problem}
            for r in seen.records[:ROWS]
        ],
        "columns": len(seen.header),
        "hidden": max(len(seen.header) - COLUMNS, 0),
        "warnings": seen.warnings,
        "alone": len(seen.header) == 1,
    }
