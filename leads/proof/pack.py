"""The auditor's pack of one lead: its facts, what proves them, a page to read, and the program that checks them."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC
from io import BytesIO
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.text import wrap as wrap_lines

from lifecycle import proof
from lifecycle.chain import canonical
from lifecycle.proof.evidence import Evidence, evidence
from lifecycle.proof.notes import PublicKey
from lifecycle.timeline import Filters, read

from .. import moments
from ..lead_page import Desk
from ..lead_page.called import called
from ..lead_page.rows import Row, rows
from ..models import Lead
from .files import file_name

_VERIFIER = Path(proof.__file__).with_name("pack_verifier.py")
_AT_ONCE = 500
#: What the letter inside tells of.
_NAMES = {"facts": "facts.jsonl", "checkpoints": "checkpoints/", "growth": "growth.json", "key": "public-key.txt"}


def pack_name(lead: Lead, found: Evidence) -> str:
    """``L-17-checkpoint-12.zip``; a key of an old system is left out, it may be anything."""
    return f"L-{lead.pk}-checkpoint-{found.newest.number}.zip"


def pack(lead: Lead, desk: Desk, key: PublicKey) -> tuple[str, bytes]:
    """Name and content of the pack. In: who reads the page, and the key that the checkpoints are signed by.

    Raises ``evidence.NoEvidence``.
    """
    found = evidence(lead.pk, lead.uuid)
    out = BytesIO()
    # The same log gives the same pack, byte for byte: nothing of the minute in which it was asked for is in it.
    made_at = found.newest.made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, text in _files(lead, found, desk, key):
            entry = zipfile.ZipInfo(name, date_time=made_at)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            into.writestr(entry, text)
    return pack_name(lead, found), out.getvalue()


def _files(lead: Lead, found: Evidence, desk: Desk, key: PublicKey) -> Iterator[tuple[str, str]]:
    context = {
        "lead": lead,
        "found": found,
        "covered": sum(fact.leaf is not None for fact in found.facts),
        "erased": sum(bool(fact.form["note_digest"]) and fact.words is None for fact in found.facts),
        "facts": list(zip(story(lead, desk), found.facts, strict=True)),
        "made": moments.exact(found.newest.made_at, desk.zone),
        "key": key,
        "called": called(lead.name),
        "command": "python3 verify.py . --key KEY.txt",
        "files": {name: file.ljust(14) for name, file in _NAMES.items()},
    }
    yield "README.txt", _wrapped(render_to_string("proof/readme.txt", context))
    yield "page.html", render_to_string("proof/pack.html", context)
    yield "page.css", render_to_string("proof/pack.css")
    yield _NAMES["facts"], "".join(canonical(asdict(fact)).decode() + "\n" for fact in found.facts)
    yield _NAMES["growth"], json.dumps(found.growth, indent=1) + "\n"
    yield _NAMES["key"], f"{key}\n"
    yield "verify.py", _VERIFIER.read_text()
    for checkpoint in found.checkpoints:
        yield f"{_NAMES['checkpoints']}{file_name(checkpoint)}", checkpoint.note


def _wrapped(text: str) -> str:
    """For a window of 80 columns; what is a command or a list in columns stays as it is."""
    lines = [line if "  " in line else wrap_lines(line, 80) for line in text.strip().splitlines()]
    return "\n".join(lines) + "\n"


def story(lead: Lead, desk: Desk) -> Iterable[Row]:
    """Every fact of the lead as the timeline tells it, the oldest first."""
    cursor: int | None = None
    while True:
        page = read(
            lead.pk, Filters(oldest_first=True), desk.reasons, viewer_is_broker=True, cursor=cursor, size=_AT_ONCE
        )
        yield from rows(page, desk)
        cursor = page.cursor
        if cursor is None:
            return
