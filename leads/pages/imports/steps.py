"""The way of a file, step by step, and what each answer rests on.

A step is done as long as what it rests on is what it was when it was answered: whoever goes back and changes
something has to look again at the steps that depend on it, and at no other.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from ...imports import mapping as roles
from ...imports.mapping import Mapping as FileMapping

Basis = Callable[[FileMapping, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` is the end of its address's name (``import-<name>``); ``rests_on`` gives, from mapping and survey, what
    its answer is about."""

    name: str
    label: str | Promise
    rests_on: Basis

    @property
    def url_name(self) -> str:
        return f"import-{self.name}"

    def basis(self, mapping: FileMapping, survey: Mapping[str, Any]) -> str:
        """A short word for what this step's answer rests on; another word, another question."""
        written = json.dumps([self.name, self.rests_on(mapping, survey)], sort_keys=True)
        return sha256(written.encode()).hexdigest()[:16]


def _file(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return "the file"


def _columns(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return [survey.get("header", []), mapping.encoding, mapping.delimiter]


def _stages(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return [mapping.labels(roles.STATUS), sorted(survey.get("statuses", {}))]


def _owners(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return [mapping.labels(roles.OWNER), sorted(survey.get("owners", {}))]


def _dates(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return [[role, mapping.labels(role)] for role in roles.DATES]


def _duplicates(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return dict(mapping.columns)


def _preview(mapping: FileMapping, survey: Mapping[str, Any]) -> Any:
    return mapping.as_json()


STEPS: tuple[Step, ...] = (
    Step("file", pgettext_lazy("step of an import", "File"), _file),
    Step("columns", pgettext_lazy("step of an import", "Columns"), _columns),
    Step("stages", pgettext_lazy("step of an import", "Stages"), _stages),
    Step("owners", pgettext_lazy("step of an import", "Agents"), _owners),
    Step("dates", pgettext_lazy("step of an import", "Dates"), _dates),
    Step("duplicates", pgettext_lazy("step of an import", "Duplicates"), _duplicates),
    Step("preview", pgettext_lazy("step of an import", "Preview"), _preview),
)
NAMED = {step.name: step for step in STEPS}
