"""Every address that the product answers at, as its resolver has it."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver


def addresses() -> list[str]:
    """All patterns, each once, in the order of the resolver; the board's, which is empty, as ``/``.

    Of a regular expression the names of its parts are left: ``reset/key/<uidb36>-<key>/``.
    """
    return list(dict.fromkeys(_legible(pattern) or "/" for pattern in _walk(get_resolver(), "")))


def _legible(pattern: str) -> str:
    return re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", pattern).replace("^", "").replace("$", "")


def _walk(resolver: Any, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, here)
        else:
            yield here
