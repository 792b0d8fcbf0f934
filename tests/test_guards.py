"""Every way to rewrite history that we could think of is refused by the database itself, on both engines."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import guards, service
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.models import EventNote, LeadEvent, ReasonCode
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.soundness import assert_sound, everything

pytestmark = pytest.mark.django_db

EVENTS, NOTES = LeadEvent._meta.db_table, EventNote._meta.db_table
LEADS, USERS, REASONS = Lead._meta.db_table, User._meta.db_table, ReasonCode._meta.db_table


@dataclass
class Scene:
    """Ana's lead, in contract, with words; the last of its facts; Ben's lead beside it; a folder for files."""

    lead: Lead
    last: LeadEvent
    noted: LeadEvent
    other: Lead
    folder: Path

    def following(self, **said: Any) -> LeadEvent:
        """A fact that would follow the last one if the log took it."""
        usual = {
            "lead": self.lead,
            "version": self.last.version + 1,
            "kind": "note_added",
            "source": "page",
            "occurred_at": self.last.recorded_at,
            "recorded_at": self.last.recorded_at,
            "hash": "a" * 64,
        }
        return LeadEvent(**{**usual, **said})


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    lead, other = LeadFactory.create(status=State.COMMITTED, agent=ana()), LeadFactory.create(agent=ben())
    (noted,) = service.add_note(
        lead_id=lead.pk, actor=ana(), source=Source.PAGE, note="Offer went out.", document="offer.pdf"
    ).events
    service.set_flag(lead_id=lead.pk, actor=ana(), source=Source.PAGE, flag="do_not_text", reason="sms_stop")
    (last,) = advance(lead, State.IN_CONTRACT, actor=ana()).events
    lead.refresh_from_db()
    # Keys that wait for the end of the transaction must not be what refuses a TRUNCATE.
    connection.check_constraints()
    return Scene(lead, LeadEvent.objects.get(pk=last.pk), noted, other, tmp_path)


def sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def row(model: Any, key: Any) -> tuple[list[str], list[Any]]:
    """Column names and raw values of one row."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", [key])
        return [c[0] for c in cursor.description], list(cursor.fetchone())


def put(verb: str, model: Any, key: Any, tail: str = "", **changed: Any) -> None:
    """INSERTs a copy of a row, changed, with the given verb."""
    columns, values = row(model, key)
    for name, value in changed.items():
        values[columns.index(name)] = value
    values = [json.dumps(v) if isinstance(v, dict | list) else v for v in values]
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join(["%s"] * len(columns))
    sql(f"{verb} INTO {model._meta.db_table} ({names}) VALUES ({marks}) {tail}", *values)


def fresh_row(verb: str, model: Any, like: Any, **changed: Any) -> Any:
    """INSERTs a copy of a row without its id."""
    columns, values = row(model, like)
    changed = {"uuid": raw(uuid4()), **changed}
    pairs = [(c, changed.get(c, v)) for c, v in zip(columns, values, strict=True) if c != "id"]
    values = [json.dumps(v) if isinstance(v, dict | list) else v for _, v in pairs]
    names, marks = ", ".join(f'"{c}"' for c, _ in pairs), ", ".join(["%s"] * len(pairs))
    sql(f"{verb} INTO {model._meta.db_table} ({names}) VALUES ({marks})", *values)


def raw(uuid: Any) -> Any:
    return uuid if connection.vendor == "postgresql" else uuid.hex


def load(scene: Scene, changed: Any) -> None:
    """Loads a changed object as a fixture."""
    file = scene.folder / "rewritten.json"
    file.write_text(serializers.serialize("json", [changed]))
    call_command("loaddata", str(file), verbosity=0)


def save(instance: Any, **changed: Any) -> None:
    for name, value in changed.items():
        setattr(instance, name, value)
    instance.save()


def change(instance: Any, **changed: Any) -> Any:
    for name, value in changed.items():
        setattr(instance, name, value)
    return instance


def update_lead(scene: Scene, **changed: Any) -> None:
    Lead.objects.filter(pk=scene.lead.pk).update(**changed)


Attack = Callable[[Scene], object]

THE_LOG: dict[str, Attack] = {
    "change an event by a queryset": lambda s: LeadEvent.objects.filter(pk=s.last.pk).update(reason="outbid"),
    "change all events by a queryset": lambda s: LeadEvent.objects.update(actor=None),
    "delete an event by a queryset": lambda s: LeadEvent.objects.filter(pk=s.last.pk).delete(),
    "delete all events past Django's collector": lambda s: LeadEvent.objects.all()._raw_delete("default"),
    "change events by bulk_update": lambda s: LeadEvent.objects.bulk_update(
        [change(s.last, kind="note_added")], ["kind"]
    ),
    "change an event by an upsert in bulk": lambda s: LeadEvent.objects.bulk_create(
        [change(s.last, reason="outbid")], update_conflicts=True, update_fields=["reason"], unique_fields=["id"]
    ),
    "change an event by saving it": lambda s: save(s.last, occurred_at=timezone.now()),
    "save an event as it is": lambda s: s.last.save(),
    "delete an event by itself": lambda s: s.last.delete(),
    "update_or_create an event": lambda s: LeadEvent.objects.update_or_create(
        uuid=s.last.uuid, defaults={"reason": "outbid"}
    ),
    "load a changed event from a fixture": lambda s: load(s, change(s.last, reason="outbid")),
    "UPDATE the log": lambda s: sql(f"UPDATE {EVENTS} SET recorded_at = occurred_at"),
    "UPDATE the id of an event": lambda s: sql(f"UPDATE {EVENTS} SET id = id + 1000"),
    "UPDATE a hash to what it is": lambda s: sql(f"UPDATE {EVENTS} SET hash = hash"),
    "DELETE the last event": lambda s: sql(f"DELETE FROM {EVENTS} WHERE id = %s", s.last.pk),
    "DELETE the log": lambda s: sql(f"DELETE FROM {EVENTS}"),
    "put another event in its place, by id": lambda s: put("INSERT", LeadEvent, s.last.pk, reason="outbid"),
    "upsert by id": lambda s: put(
        "INSERT", LeadEvent, s.last.pk, "ON CONFLICT (id) DO UPDATE SET reason = excluded.reason", reason="outbid"
    ),
    "upsert by uuid": lambda s: put(
        "INSERT", LeadEvent, s.last.pk, "ON CONFLICT (uuid) DO UPDATE SET reason = 'outbid'", id=999_999
    ),
    "upsert by lead and version": lambda s: put(
        "INSERT",
        LeadEvent,
        s.last.pk,
        "ON CONFLICT (lead_id, version) DO UPDATE SET kind = 'note_added'",
        id=999_999,
        uuid=raw(uuid4()),
    ),
    "append an event that leaves a gap": lambda s: s.following(version=s.last.version + 2).save(),
    "append an event with a version that is taken": lambda s: s.following(version=s.last.version).save(),
    "append a second first event": lambda s: s.following(version=1, kind="lead_created").save(),
    "append version 0": lambda s: s.following(version=0).save(),
    "append a negative version": lambda s: s.following(version=-1).save(),
    "append an event that was written before the one before it": lambda s: s.following(
        recorded_at=s.last.recorded_at - timedelta(microseconds=1)
    ).save(),
    "append events in bulk in the wrong order": lambda s: LeadEvent.objects.bulk_create(
        [s.following(version=s.last.version + 2), s.following()]
    ),
    "append a collapse without its reason": lambda s: s.following(kind="deal_collapsed", to_status="QUALIFIED").save(),
    "append a voided contract without its reason": lambda s: fresh_row(
        "INSERT", LeadEvent, s.last.pk, version=s.last.version + 1, kind="contract_voided", reason=""
    ),
    "append a hand-over that is called a note": lambda s: s.following(to_agent=ben()).save(),
    "append an opt-out that is called a note": lambda s: s.following(flag="dnc").save(),
    "append an event to the middle of another lead's stream": lambda s: s.following(lead=s.other, version=9).save(),
}

THE_WORDS: dict[str, Attack] = {
    "change the words of a note": lambda s: EventNote.objects.filter(pk=s.noted.pk).update(note="No offer."),
    "change words by saving them": lambda s: save(EventNote.objects.get(pk=s.noted.pk), note="No offer."),
    "change a document": lambda s: sql(f"UPDATE {NOTES} SET document = ''"),
    "change a salt": lambda s: sql(f"UPDATE {NOTES} SET salt = 'f'"),
    "give words to another event": lambda s: sql(f"UPDATE {NOTES} SET event_id = %s", s.last.pk),
    "delete words": lambda s: EventNote.objects.filter(pk=s.noted.pk).delete(),
    "DELETE all words": lambda s: sql(f"DELETE FROM {NOTES}"),
    "put other words in their place": lambda s: put("INSERT", EventNote, s.noted.pk, note="No offer."),
    "upsert words": lambda s: put(
        "INSERT", EventNote, s.noted.pk, "ON CONFLICT (event_id) DO UPDATE SET note = excluded.note", note="No."
    ),
    "upsert words in bulk": lambda s: EventNote.objects.bulk_create(
        [EventNote(event=s.noted, note="No.", salt="0")],
        update_conflicts=True,
        update_fields=["note"],
        unique_fields=["event"],
    ),
    "load changed words from a fixture": lambda s: load(s, change(EventNote.objects.get(pk=s.noted.pk), note="No.")),
}

THE_CACHE: dict[str, Attack] = {
    "change a status silently": lambda s: update_lead(s, status="CLOSED"),
    "UPDATE a status silently": lambda s: sql(f"UPDATE {LEADS} SET status = 'QUALIFIED'"),
    "empty a status": lambda s: update_lead(s, status=""),
    "change the agent silently": lambda s: update_lead(s, agent=ben()),
    "send a lead to the pool silently": lambda s: update_lead(s, agent=None),
    "raise a version": lambda s: update_lead(s, version=s.lead.version + 1),
    "jump far ahead": lambda s: update_lead(s, version=10_000, head_hash="a" * 64),
    "go back to an older version": lambda s: update_lead(s, version=s.lead.version - 1),
    "go back to an older version with its hash and status": lambda s: update_lead(
        s, version=s.last.version - 1, head_hash=s.lead.events.get(version=s.last.version - 1).hash, status="COMMITTED"
    ),
    "go back to the beginning": lambda s: update_lead(s, version=0, head_hash="", status="", agent=None),
    "change a hash": lambda s: update_lead(s, head_hash="a" * 64),
    **{
        f"turn {flag.value} around silently": lambda s, f=flag.value: update_lead(s, **{f: not getattr(s.lead, f)})  # type: ignore[misc]
        for flag in Flag
    },
    "give a lead another id": lambda s: update_lead(s, id=s.lead.pk + 1000),
    "give a lead another uuid": lambda s: update_lead(s, uuid=uuid4()),
    "swap two leads": lambda s: sql(f"UPDATE {LEADS} SET id = CASE id WHEN %s THEN %s ELSE id END", s.lead.pk, -1),
    "save a lead with another status": lambda s: change(s.lead, status="CLOSED").save(update_fields=["status"]),
    "save a lead as it was before its last move": lambda s: change(
        s.lead, version=s.last.version - 1, status="COMMITTED", head_hash="b" * 64
    ).save(update_fields=["version", "status", "head_hash"]),
    "change leads by bulk_update": lambda s: Lead.objects.bulk_update([change(s.lead, status="CLOSED")], ["status"]),
    "upsert a lead": lambda s: Lead.objects.bulk_create(
        [Lead(pk=s.lead.pk, uuid=s.lead.uuid, name="Dana", status="CLOSED")],
        update_conflicts=True,
        update_fields=["status"],
        unique_fields=["id"],
    ),
    "upsert a lead to its empty beginning": lambda s: Lead.objects.bulk_create(
        [Lead(pk=s.lead.pk, uuid=s.lead.uuid, name="Dana")],
        update_conflicts=True,
        update_fields=["status", "version", "head_hash", "agent"],
        unique_fields=["id"],
    ),
    "load a changed lead from a fixture": lambda s: load(s, change(s.lead, status="CLOSED")),
    "insert a lead that is somewhere already": lambda s: Lead.objects.create(name="Dana", status="NEW"),
    "insert a lead that has a version": lambda s: Lead.objects.create(name="Dana", version=1),
    "insert a lead that has a hash": lambda s: Lead.objects.create(name="Dana", head_hash="a" * 64),
    "insert a lead that somebody holds": lambda s: Lead.objects.create(name="Dana", agent=ana()),
    "insert a lead that opted out": lambda s: Lead.objects.create(name="Dana", dnc=True),
    "insert a copy of a lead": lambda s: fresh_row("INSERT", Lead, s.lead.pk),
}


def event_then(s: Scene, said: dict[str, Any], cached: dict[str, Any]) -> Any:
    """A real next fact, and a cache that says something else than it."""
    event = s.following(**said)
    event.save()
    update_lead(s, **{"version": event.version, "head_hash": event.hash, **cached})


HALF_TRUTHS: dict[str, Attack] = {
    "move by an event that moves nothing": lambda s: event_then(s, {}, {"status": "CLOSED"}),
    "move to another state than the event says": lambda s: event_then(
        s, {"kind": "closing_completed", "to_status": "CLOSED"}, {"status": "ARCHIVED"}
    ),
    "stay where the event moves": lambda s: event_then(s, {"kind": "closing_completed", "to_status": "CLOSED"}, {}),
    "take the hash of another event": lambda s: event_then(s, {}, {"head_hash": "b" * 64}),
    "keep the old hash": lambda s: event_then(s, {}, {"head_hash": s.last.hash}),
    "hand over by a note": lambda s: event_then(s, {}, {"agent": ben()}),
    "hand over to another agent than the event says": lambda s: event_then(
        s, {"kind": "agent_assigned", "to_agent": ben()}, {"agent": bruna()}
    ),
    "keep the agent when the event hands over": lambda s: event_then(
        s, {"kind": "agent_assigned", "to_agent": ben()}, {}
    ),
    "keep the agent when the event empties it": lambda s: event_then(s, {"kind": "agent_assigned"}, {}),
    "set another flag than the event says": lambda s: event_then(
        s, {"kind": "flag_set", "flag": "dnc"}, {"dnc": True, "unsubscribed": True}
    ),
    "clear a flag by setting another": lambda s: event_then(
        s, {"kind": "flag_set", "flag": "dnc"}, {"dnc": True, "do_not_text": False}
    ),
    "ignore a flag that the event sets": lambda s: event_then(s, {"kind": "flag_set", "flag": "dnc"}, {}),
    "set a flag by the event that clears it": lambda s: event_then(
        s, {"kind": "flag_cleared", "flag": "dnc"}, {"dnc": True}
    ),
    "jump over an event that moves": lambda s: (
        LeadEvent.objects.bulk_create([s.following(kind="closing_completed", to_status="CLOSED")]),
        event_then(s, {"version": s.last.version + 2, "hash": "c" * 64}, {}),
    ),
}

PEOPLE_AND_CODES: dict[str, Attack] = {
    "delete a lead": lambda s: s.lead.delete(),
    "delete leads by a queryset": lambda s: Lead.objects.all()._raw_delete("default"),
    "DELETE a lead": lambda s: sql(f"DELETE FROM {LEADS} WHERE id = %s", s.lead.pk),
    "delete a person who acted": lambda s: ana().delete(),
    "DELETE a person who acted": lambda s: sql(f"DELETE FROM {USERS} WHERE id = %s", ana().pk),
    "DELETE everybody": lambda s: sql(f"DELETE FROM {USERS}"),
    "give a person another uuid": lambda s: User.objects.filter(pk=ana().pk).update(uuid=uuid4()),
    "give a person another id": lambda s: sql(f"UPDATE {USERS} SET id = 4711 WHERE id = %s", ana().pk),
    "delete a reason code": lambda s: ReasonCode.objects.filter(code="outbid").delete(),
    "delete a reason code that nobody used": lambda s: ReasonCode.objects.get(code="test_record").delete(),
    "rename a reason code": lambda s: ReasonCode.objects.filter(code="outbid").update(code="lost"),
    "rename a reason code by saving it": lambda s: save(ReasonCode.objects.get(code="outbid"), code="lost"),
    "swap two reason codes": lambda s: sql(
        f"UPDATE {REASONS} SET code = CASE code WHEN 'outbid' THEN 'x' ELSE code END"
    ),
}

ON_SQLITE: dict[str, Attack] = {
    "INSERT OR REPLACE an event by id": lambda s: put("INSERT OR REPLACE", LeadEvent, s.last.pk, reason="outbid"),
    "REPLACE an event by uuid": lambda s: put("REPLACE", LeadEvent, s.last.pk, id=999_999, version=99),
    "REPLACE an event by lead and version": lambda s: put(
        "REPLACE", LeadEvent, s.last.pk, id=999_999, uuid=uuid4().hex
    ),
    "INSERT OR IGNORE a gap": lambda s: fresh_row("INSERT OR IGNORE", LeadEvent, s.last.pk, version=99),
    "UPDATE OR REPLACE an event": lambda s: sql(f"UPDATE OR REPLACE {EVENTS} SET version = 1"),
    "UPDATE OR IGNORE an event": lambda s: sql(f"UPDATE OR IGNORE {EVENTS} SET reason = 'outbid'"),
    "UPDATE the rowid of an event": lambda s: sql(f"UPDATE {EVENTS} SET rowid = rowid + 1000"),
    "REPLACE words": lambda s: put("REPLACE", EventNote, s.noted.pk, note="No offer."),
    "REPLACE a lead by its empty beginning": lambda s: put(
        "REPLACE", Lead, s.lead.pk, version=0, status="", head_hash="", agent_id=None, do_not_text=0
    ),
    "REPLACE a lead by uuid": lambda s: put(
        "REPLACE", Lead, s.lead.pk, id=999, version=0, status="", head_hash="", agent_id=None, do_not_text=0
    ),
    "UPDATE OR REPLACE one lead by another": lambda s: sql(
        f"UPDATE OR REPLACE {LEADS} SET uuid = (SELECT uuid FROM {LEADS} WHERE id = %s) WHERE id = %s",
        s.lead.pk,
        s.other.pk,
    ),
    "UPDATE OR IGNORE a status": lambda s: sql(f"UPDATE OR IGNORE {LEADS} SET status = 'CLOSED'"),
    "UPDATE OR REPLACE a status by null": lambda s: sql(f"UPDATE OR REPLACE {LEADS} SET status = NULL"),
    "UPDATE a version to null": lambda s: sql(f"UPDATE OR REPLACE {LEADS} SET version = NULL"),
    "UPDATE a status to bytes that look like it": lambda s: sql(f"UPDATE {LEADS} SET status = CAST(status AS BLOB)"),
    "UPDATE a flag to another truth": lambda s: sql(f"UPDATE {LEADS} SET do_not_text = 2"),
    "insert a lead with an odd flag": lambda s: fresh_row(
        "INSERT", Lead, s.lead.pk, version=0, status="", head_hash="", agent_id=None, do_not_text="yes"
    ),
    "REPLACE a person": lambda s: put("REPLACE", User, ana().pk, uuid=uuid4().hex),
    "REPLACE a person by name": lambda s: put("REPLACE", User, ana().pk, id=999, uuid=uuid4().hex),
    "UPDATE OR REPLACE one person by another": lambda s: sql(
        f"UPDATE OR REPLACE {USERS} SET username = 'ana' WHERE id = %s", ben().pk
    ),
    "REPLACE a reason code": lambda s: put("REPLACE", ReasonCode, ReasonCode.objects.get(code="outbid").pk, code="x"),
    "look away from foreign keys": lambda s: (
        sql("PRAGMA foreign_keys = OFF"),
        sql(f"DELETE FROM {LEADS} WHERE id = %s", s.lead.pk),
    ),
    "put a temporary log in front of the real one": lambda s: (
        sql(f"CREATE TEMP TABLE {EVENTS} AS SELECT * FROM main.{EVENTS}"),
        sql(f"UPDATE temp.{EVENTS} SET version = version + 100, to_status = 'CLOSED'"),
        sql(f"UPDATE main.{LEADS} SET status = 'CLOSED', version = version + 100 WHERE id = %s", s.lead.pk),
    ),
    "let triggers recurse": lambda s: (sql("PRAGMA recursive_triggers = ON"), sql(f"DELETE FROM {EVENTS}")),
}

ON_POSTGRESQL: dict[str, Attack] = {
    "TRUNCATE the log": lambda s: sql(f"TRUNCATE {EVENTS}"),
    "TRUNCATE the log and all that hangs on it": lambda s: sql(f"TRUNCATE {EVENTS} CASCADE"),
    "TRUNCATE the words": lambda s: sql(f"TRUNCATE {NOTES}"),
    "TRUNCATE the leads": lambda s: sql(f"TRUNCATE {LEADS}"),
    "TRUNCATE the leads and all that hangs on them": lambda s: sql(f"TRUNCATE {LEADS} CASCADE"),
    "TRUNCATE the people and all that hangs on them": lambda s: sql(f"TRUNCATE {USERS} CASCADE"),
    "TRUNCATE the reason codes": lambda s: sql(f"TRUNCATE {REASONS}"),
    **{
        f"{verb} as a replica does": lambda s, v=verb: (  # type: ignore[misc]
            sql("SET LOCAL session_replication_role = replica"),
            sql(v),
        )
        for verb in (
            f"UPDATE {EVENTS} SET reason = 'outbid'",
            f"DELETE FROM {EVENTS}",
            f"TRUNCATE {EVENTS} CASCADE",
            f"UPDATE {NOTES} SET note = ''",
            f"DELETE FROM {NOTES}",
            f"UPDATE {LEADS} SET status = 'CLOSED'",
            f"DELETE FROM {LEADS}",
            f"DELETE FROM {USERS}",
            f"DELETE FROM {REASONS}",
        )
    },
    "insert a full lead as a replica does": lambda s: (
        sql("SET LOCAL session_replication_role = replica"),
        fresh_row("INSERT", Lead, s.lead.pk),
    ),
    "leave a gap as a replica does": lambda s: (
        sql("SET LOCAL session_replication_role = replica"),
        fresh_row("INSERT", LeadEvent, s.last.pk, version=99),
    ),
    "put a temporary log in front of the real one": lambda s: (
        sql(f"CREATE TEMP TABLE {EVENTS} (LIKE public.{EVENTS}) ON COMMIT DROP"),
        sql(f"INSERT INTO pg_temp.{EVENTS} SELECT * FROM public.{EVENTS}"),
        sql(f"UPDATE pg_temp.{EVENTS} SET version = version + 100, to_status = 'CLOSED'"),
        sql(f"UPDATE public.{LEADS} SET status = 'CLOSED', version = version + 100 WHERE id = %s", s.lead.pk),
    ),
    "put a false schema in front": lambda s: (
        sql("CREATE SCHEMA shadow"),
        sql(f"CREATE TABLE shadow.{EVENTS} (LIKE public.{EVENTS})"),
        sql("SET LOCAL search_path = shadow, public"),
        sql(f"DELETE FROM public.{LEADS} WHERE id = %s", s.lead.pk),
    ),
    "redefine what different means": lambda s: (
        sql("CREATE SCHEMA shadow"),
        sql("CREATE FUNCTION shadow.never(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT false'"),
        sql("CREATE OPERATOR shadow.<> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = shadow.never)"),
        sql("SET LOCAL search_path = shadow, pg_catalog, public"),
        sql(f"UPDATE public.{LEADS} SET version = version + 100 WHERE id = %s", s.lead.pk),
    ),
    "MERGE into the log": lambda s: sql(
        f"MERGE INTO {EVENTS} e USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET reason = 'outbid'"
    ),
    "MERGE the log away": lambda s: sql(f"MERGE INTO {EVENTS} e USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE"),
}

EVERYWHERE = {**THE_LOG, **THE_WORDS, **THE_CACHE, **HALF_TRUTHS, **PEOPLE_AND_CODES}


def attacks() -> dict[str, Attack]:
    """Those of the engine at hand."""
    return {**EVERYWHERE, **(ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE)}


#: What the guards say, whole; the keys and checks of the tables say it in the words of the engine.
SENTENCES = {
    "The log is permanent: an event cannot be changed or removed.",
    "An event follows the one before it, in version and in time of recording.",
    "The words of an event cannot be changed.",
    "The words of events stay.",
    "Words are removed only after the erasure itself is recorded.",
    "A lead begins empty; its events say the rest.",
    "This lead exists already.",
    "A lead keeps its identity and never goes back in its log.",
    "Status, version, hash, agent and flags change only with the event that says so.",
    "A lead with events cannot be deleted.",
    "A person keeps their identity.",
    "A person keeps their identity, and names are unique.",
    "A person who stands in the log cannot be deleted; deactivate them.",
    "This person exists already.",
    "A reason code is never deleted; retire it.",
    "A reason code never changes; relabel it.",
    "This reason code exists already.",
    "Reason codes stay.",
}
BY_THE_TABLES = (
    "constraint",
    "referenced through protected foreign keys",
    "referenced in a foreign key",
)


def by_a_guard_or_the_tables(refused: DatabaseError) -> bool:
    said = str(refused).splitlines()[0].rpartition("): ")[2]  # loaddata puts its file and the row in front.
    return said in SENTENCES or any(words in str(refused) for words in BY_THE_TABLES)


@pytest.fixture(autouse=True)
def guarded() -> Iterator[None]:
    assert guards.missing(connection) == []
    yield
    if connection.vendor == "sqlite":
        sql("PRAGMA recursive_triggers = OFF")


@pytest.mark.parametrize("attack", attacks())
def test_nobody_can(attack: str, scene: Scene) -> None:
    before = (everything(), list(User.objects.values_list()), list(ReasonCode.objects.values_list()))
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        attacks()[attack](scene)
        # Whoever got this far has rewritten history, unless a key that waits for the end still refuses.
        connection.check_constraints()
    assert by_a_guard_or_the_tables(refused.value), refused.value
    if attack not in ("TRUNCATE the log", "TRUNCATE the leads"):  # There the keys of other tables are quicker.
        assert isinstance(refused.value, IntegrityError), refused.value
    assert (everything(), list(User.objects.values_list()), list(ReasonCode.objects.values_list())) == before
    assert_sound(scene.lead)


def test_there_are_enough_attacks() -> None:
    assert len(attacks()) > 100


# --- what must still be possible ----------------------------------------------------------------------------


def test_the_next_fact_and_its_cache_are_let_through(scene: Scene) -> None:
    event_then(scene, {"kind": "closing_completed", "to_status": "CLOSED"}, {"status": "CLOSED"})


def test_several_facts_and_one_cache_are_let_through(scene: Scene) -> None:
    n = scene.last.version
    LeadEvent.objects.bulk_create(
        [
            scene.following(version=n + 1, kind="contract_voided", reason="mutual_release", to_status="QUALIFIED"),
            scene.following(version=n + 2, kind="agent_assigned", to_agent=ben()),
            scene.following(version=n + 3, kind="flag_set", flag="dnc"),
            scene.following(version=n + 4, kind="flag_cleared", flag="do_not_text"),
            scene.following(version=n + 5, kind="flag_cleared", flag="dnc"),
            scene.following(version=n + 6, hash="f" * 64),
        ]
    )
    update_lead(scene, version=n + 6, head_hash="f" * 64, status="QUALIFIED", agent=ben(), do_not_text=False, dnc=False)


def test_contact_data_and_derived_columns_may_be_written(scene: Scene) -> None:
    update_lead(scene, name="Dana B.", provenance="fresh", attempts=3)
    scene.lead.refresh_from_db()
    scene.lead.name = "Dana C."
    scene.lead.save()


def test_a_lead_without_facts_and_a_person_who_never_acted_may_go() -> None:
    lead = LeadFactory.build()
    lead.save()
    lead.delete()
    User.objects.create(username="typo").delete()


def test_a_person_is_renamed_and_deactivated_and_a_reason_relabelled_and_retired() -> None:
    save(ana(), display_name="Ana B.", is_active=False)
    save(ReasonCode.objects.get(code="outbid"), label="Overbid", retired=True)


def test_words_go_once_their_erasure_is_recorded(scene: Scene) -> None:
    event_then(scene, {"kind": "personal_data_erased"}, {})
    EventNote.objects.filter(event__lead=scene.other).delete()
    assert EventNote.objects.filter(event__lead=scene.lead).delete()[0] >= 1


# --- the guards themselves ----------------------------------------------------------------------------------


def test_a_guard_that_is_taken_away_is_missed_by_name() -> None:
    with transaction.atomic():
        guards.remove(connection)
        names = guards.missing(connection)
        assert len(names) >= 10
        assert guards.install(connection) == names
        assert guards.missing(connection) == []
        assert guards.install(connection) == []


def test_a_guard_that_was_weakened_is_missed_and_mended() -> None:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            sql(f"ALTER TABLE {EVENTS} DISABLE TRIGGER guard_event_frozen")
            sql(f"ALTER TABLE {LEADS} ENABLE TRIGGER guard_lead_cache")
            sql(
                "CREATE OR REPLACE FUNCTION guard_lead_kept() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN OLD; END'"
            )
            weak = {"guard_event_frozen", "guard_lead_cache", "guard_lead_kept"}
        else:
            sql('DROP TRIGGER "guard_event_no_delete"')
            sql(f'CREATE TRIGGER "guard_event_no_delete" BEFORE DELETE ON "{EVENTS}" BEGIN SELECT 1; END')
            weak = {"guard_event_no_delete"}
        assert set(guards.missing(connection)) == weak
        assert set(guards.install(connection)) == weak
        assert guards.missing(connection) == []


def test_the_cost_of_a_guarded_change_does_not_grow_with_the_stream(scene: Scene) -> None:
    """With 10,000 facts behind it a lead's next change still reads the log by its keys, a handful of rows."""
    now = scene.last.recorded_at
    n = scene.last.version
    LeadEvent.objects.bulk_create(
        (scene.following(version=n + i, uuid=uuid4(), recorded_at=now, hash=f"{i:064d}") for i in range(1, 10_001)),
        batch_size=1000,
    )
    update_lead(scene, version=n + 10_000, head_hash=f"{10_000:064d}")
    scene.following(version=n + 10_001, uuid=uuid4(), hash="e" * 64).save()
    if connection.vendor == "postgresql":
        sql(f"ANALYZE {EVENTS}")
        before = rows_read()
        update_lead(scene, version=n + 10_001, head_hash="e" * 64)
        scene.following(version=n + 10_002, uuid=uuid4()).save()
        assert rows_read() - before < 50
    else:
        for asked in questions_of_the_guards():
            plan = " / ".join(step[3] for step in explained(asked, scene.lead.pk, n + 10_000, n + 10_001))
            assert "SCAN" not in plan, plan
        update_lead(scene, version=n + 10_001, head_hash="e" * 64)


def rows_read() -> int:
    """Rows of the log that this transaction has read so far, by scan or by index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)"
            " + coalesce((SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)"
            " + pg_stat_get_xact_tuples_fetched(indexrelid)) FROM pg_index WHERE indrelid = c.oid), 0)"
            " FROM pg_class c WHERE c.oid = %s::regclass",
            [EVENTS],
        )
        return int(cursor.fetchone()[0])


def questions_of_the_guards() -> list[str]:
    """Every question that a trigger on leads or log asks the log, with the row's columns as parameters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name IN"
            " ('guard_lead_cache', 'guard_event_follows', 'guard_event_no_replace')"
        )
        bodies = [body for (body,) in cursor.fetchall()]
    found: list[str] = []
    for body in bodies:
        for start in (i for i in range(len(body)) if body.startswith("(SELECT ", i)):
            depth, end = 0, start
            for end in range(start, len(body)):
                depth += {"(": 1, ")": -1}.get(body[end], 0)
                if not depth:
                    break
            found.append(body[start + 1 : end])
    assert len(found) >= 10
    return found


def explained(asked: str, lead: int, old: int, new: int) -> list[Any]:
    values = {
        "NEW.lead_id": str(lead),
        "NEW.recorded_at": "'2026'",
        "NEW.head_hash": "'a'",
        "NEW.version": str(new),
        "OLD.version": str(old),
        "NEW.uuid": "'a'",
        "NEW.id": str(lead),
    }
    for name, value in values.items():
        asked = asked.replace(name, value)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked)
        return list(cursor.fetchall())
