"""The chain: the canonical form against an independent implementation, and the vectors that the docs publish."""

import hashlib
import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lifecycle import chain
from lifecycle.events import Words

DOCS = Path(__file__).resolve().parent.parent / "docs" / "hash-chain.md"

text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(min_codepoint=32, max_codepoint=126))
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3))


@given(st.dictionaries(keys, values, max_size=6))
def test_the_canonical_form_is_that_of_rfc_8785(value: dict[str, Any]) -> None:
    assert chain.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [{"a": 1.5}, {"a": math.nan}, {"a": [1, {"b": 2.0}]}, {"a": (1.0,)}, {"a": 0.0}],
)
def test_a_float_is_refused_at_any_depth(value: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="floats"):
        chain.canonical(value)


# --- one fact -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    uuid: UUID
    version: int
    kind: str
    from_status: str
    to_status: str
    flag: str
    reason: str
    actor_name: str
    source: str
    batch: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    backfilled: bool
    data: dict[str, Any]
    note_digest: str
    schema_version: int


ROW = Row(
    uuid=UUID(int=1),
    version=7,
    kind="deal_collapsed",
    from_status="COMMITTED",
    to_status="QUALIFIED",
    flag="",
    reason="outbid",
    actor_name="Zoë Å. “Zo” 𝒵",
    source="board",
    batch=None,
    occurred_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    recorded_at=datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
    backfilled=False,
    data={"b": 1, "a": [True, None]},
    note_digest="",
    schema_version=1,
)
NAMES: dict[str, UUID | None] = {
    "lead": UUID(int=2),
    "agent": UUID(int=3),
    "to_agent": None,
    "actor": UUID(int=3),
    "target": None,
    "caused_by": None,
}


def hashed(row: Any = ROW, previous: str = "", **names: UUID | None) -> str:
    return chain.event_hash(previous, row, **{**NAMES, **names})  # type: ignore[arg-type]


def test_the_hash_is_sha_256_of_the_canonical_row_as_rfc8785_writes_it() -> None:
    form: dict[str, Any] = {
        "previous": "0" * 64,
        "uuid": "00000000-0000-0000-0000-000000000001",
        "lead": "00000000-0000-0000-0000-000000000002",
        "version": 7,
        "kind": "deal_collapsed",
        "from_status": "COMMITTED",
        "to_status": "QUALIFIED",
        "agent": "00000000-0000-0000-0000-000000000003",
        "to_agent": None,
        "flag": "",
        "reason": "outbid",
        "actor": "00000000-0000-0000-0000-000000000003",
        "actor_name": "Zoë Å. “Zo” 𝒵",
        "source": "board",
        "target": None,
        "caused_by": None,
        "batch": None,
        "occurred_at": "2026-03-29T01:30:00.000000Z",
        "recorded_at": "2026-03-29T01:30:00.000001Z",
        "backfilled": False,
        "data": {"a": [True, None], "b": 1},
        "note_digest": "",
        "schema_version": 1,
    }
    assert hashed(previous="0" * 64) == hashlib.sha256(rfc8785.dumps(form)).hexdigest()


CHANGES: list[dict[str, Any]] = [
    {"uuid": UUID(int=9)},
    {"version": 8},
    {"kind": "contract_voided"},
    {"from_status": "IN_CONTRACT"},
    {"to_status": "COMMITTED"},
    {"flag": "dnc"},
    {"reason": "cold_feet"},
    {"actor_name": "Zoe A."},
    {"source": "page"},
    {"batch": UUID(int=9)},
    {"occurred_at": ROW.occurred_at + timedelta(microseconds=1)},
    {"recorded_at": ROW.recorded_at + timedelta(microseconds=1)},
    {"backfilled": True},
    {"data": {"b": 2, "a": [True, None]}},
    {"note_digest": "1"},
    {"schema_version": 2},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: next(iter(c)))
def test_every_column_of_a_row_is_in_its_hash(change: dict[str, Any]) -> None:
    assert hashed(replace(ROW, **change)) != hashed()


@pytest.mark.parametrize("name", NAMES)
def test_everybody_whom_a_row_names_is_in_its_hash(name: str) -> None:
    changed: dict[str, Any] = {name: UUID(int=9)}
    assert hashed(**changed) != hashed()


def test_the_hash_before_is_in_the_hash() -> None:
    assert hashed(previous="0" * 64) != hashed(previous="1" * 64) != hashed()


def test_every_column_of_the_log_is_hashed_but_the_id() -> None:
    from lifecycle.models import LeadEvent

    columns = {f.name for f in LeadEvent._meta.concrete_fields} - {"id", "hash"}
    assert columns == {name for change in CHANGES for name in change} | set(NAMES)


def test_the_hash_does_not_depend_on_the_zone_or_the_order_of_keys() -> None:
    tokyo = timezone(timedelta(hours=9))
    same = replace(ROW, occurred_at=ROW.occurred_at.astimezone(tokyo), data={"a": [True, None], "b": 1})
    assert hashed(same) == hashed()


def test_a_float_in_the_data_of_a_row_is_refused() -> None:
    with pytest.raises(TypeError, match="floats"):
        hashed(replace(ROW, data={"days": [1.5]}))


def test_a_moment_has_six_digits_and_a_year_of_four() -> None:
    assert chain.stamp(datetime(1900, 1, 1, tzinfo=UTC)) == "1900-01-01T00:00:00.000000Z"
    assert chain.stamp(datetime(2026, 3, 1, 1, 2, 3, 45, tzinfo=timezone(timedelta(hours=-8)))) == (
        "2026-03-01T09:02:03.000045Z"
    )


uuids = st.none() | st.uuids()
moments = st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC) | st.timezones())  # noqa: DTZ001
rows = st.builds(
    Row,
    uuid=st.uuids(),
    version=st.integers(1, 2**31),
    backfilled=st.booleans(),
    batch=uuids,
    occurred_at=moments,
    recorded_at=moments,
    data=st.dictionaries(keys, values, max_size=4),
    schema_version=st.integers(1, 99),
    **dict.fromkeys(
        ("kind", "from_status", "to_status", "flag", "reason", "actor_name", "source", "note_digest"), text
    ),
)


@given(rows, text, st.fixed_dictionaries({**dict.fromkeys(NAMES, uuids), "lead": st.uuids()}))
def test_whatever_a_row_holds_its_hash_is_that_of_its_form(row: Row, previous: str, names: dict[str, Any]) -> None:
    form = chain.form(previous, row, **names)
    assert chain.event_hash(previous, row, **names) == hashlib.sha256(rfc8785.dumps(form)).hexdigest()


# --- words --------------------------------------------------------------------------------------------------


def test_no_words_have_no_digest() -> None:
    assert chain.words_digest("0" * 32, Words()) == ""


def test_the_same_words_with_another_salt_have_another_digest() -> None:
    assert chain.words_digest("0" * 32, Words(note="Yes.")) != chain.words_digest("1" * 32, Words(note="Yes."))


def test_it_matters_in_which_field_words_stand() -> None:
    digests = {chain.words_digest("0" * 32, Words(**{f: "same"})) for f in ("note", "document", "source_words")}
    assert len(digests) == 3


# --- what the docs publish ----------------------------------------------------------------------------------


def published() -> list[dict[str, Any]]:
    """The JSON blocks of docs/hash-chain.md, in order."""
    parts = DOCS.read_text().split("```json\n")[1:]
    return [json.loads(part.split("```")[0]) for part in parts]


def words_vector() -> dict[str, Any]:
    return published()[0]


def event_vectors() -> list[dict[str, Any]]:
    return published()[1:]


def test_the_published_words_have_the_published_digest() -> None:
    vector = words_vector()
    words = Words(**{k: vector["form"][k] for k in ("note", "document", "source_words")})
    assert chain.words_digest(vector["form"]["salt"], words) == vector["sha256"]
    assert hashlib.sha256(rfc8785.dumps(vector["form"])).hexdigest() == vector["sha256"]


def test_the_published_stream_has_the_published_hashes() -> None:
    previous = ""
    for vector in event_vectors():
        form = vector["form"]
        assert form["previous"] == previous
        assert hashlib.sha256(rfc8785.dumps(form)).hexdigest() == vector["sha256"]
        row = Row(
            **{
                **{name: form[name] for name in Row.__dataclass_fields__},
                "uuid": UUID(form["uuid"]),
                "batch": form["batch"] and UUID(form["batch"]),
                "occurred_at": datetime.fromisoformat(form["occurred_at"]),
                "recorded_at": datetime.fromisoformat(form["recorded_at"]),
            }
        )
        names = {n: form[n] and UUID(form[n]) for n in NAMES}
        assert chain.event_hash(previous, row, **names) == vector["sha256"]
        previous = vector["sha256"]
    assert len(event_vectors()) >= 3
