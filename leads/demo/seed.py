"""Plays the plan through the one door, and knows its own data again: resumable, and careful with anybody else's."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from leads.models import Lead, User
from lifecycle import service
from lifecycle.models import Batch, LeadEvent, OfficeSettings
from lifecycle.service import bulk
from lifecycle.service.schedule import due_uuid

from . import bringing
from .office import BROKER, OFFICE_NAME, OFFICE_ZONE, PASSWORD, SPAN, STAFF, Staff
from .old_rows import export
from .plan import Plan, build_plan
from .storyline import Intent, PlannedLead

_NAMESPACE = UUID("0f6d1f0a-4f0b-5f35-9c56-6d0a8a1f2b70")
_AT_ONCE = 200  # calls in one commit: quick, and an interruption loses little

#: Told after each commit how many calls of the plan are in.
Progress = Callable[[int], object]


class Found(StrEnum):
    """What is in the database before seeding."""

    EMPTY = "empty"
    PARTIAL = "partial"
    COMPLETE = "complete"
    FOREIGN = "foreign"


def uuid_of(name: str) -> UUID:
    """The uuid of a person, a lead or a call of the demo: always the same."""
    return uuid5(_NAMESPACE, name)


#: The import of the old export.
IMPORT = uuid_of("import/shoebox")


def plan_for(now: datetime) -> Plan:
    """The plan up to now; or, when a seed was begun before, the very plan that it follows."""
    begun = User.objects.filter(uuid=uuid_of(f"staff/{BROKER}")).values_list("date_joined", flat=True).first()
    return build_plan(begun + SPAN if begun else now.replace(microsecond=0))


def look(plan: Plan) -> Found:
    """Judges the database: a finished demo stays one, whatever people did with it since."""
    if not _missing(plan):
        # A demo of before the import came gets it now.
        return Found.COMPLETE if bringing.is_in(IMPORT) else Found.PARTIAL
    staff = [uuid_of(f"staff/{person.login}") for person in STAFF]
    leads = [uuid_of(f"lead/{lead.slug}") for lead in plan.leads]
    if User.objects.exclude(uuid__in=staff).exists() or Lead.objects.exclude(uuid__in=leads).exists():
        return Found.FOREIGN
    return Found.PARTIAL if User.objects.exists() else Found.EMPTY


def seed(plan: Plan, progress: Progress) -> int:
    """Writes whatever of the plan is missing and returns how many calls that took; the old export comes in at the end.

    Raises ``lifecycle.errors.Refused`` when somebody worked on a half-played demo in the meantime.
    """
    people = _open_office(plan)
    missing = _missing(plan)
    todo = [(lead, intent) for lead, intent in plan.in_order() if event_uuid(lead, intent) in missing]
    done = len(plan.in_order()) - len(todo)
    player = _Player(people)
    for start in range(0, len(todo), _AT_ONCE):
        with transaction.atomic():
            for lead, intent in todo[start : start + _AT_ONCE]:
                player.play(lead, intent)
            if start + _AT_ONCE >= len(todo):
                _say_goodbye(people)
        progress(done + len(todo[: start + _AT_ONCE]))
    dana = next(lead.profile.email for lead in plan.leads if lead.slug == "dana")
    bringing.bring_in(IMPORT, export(plan.end, dana), people[BROKER])
    return len(todo)


def event_uuid(lead: PlannedLead | None, intent: Intent) -> UUID:
    """The public name of the fact that this call writes, or of its bulk action."""
    if lead is not None and intent.verb in ("breach", "timeout"):
        rule = "sla_breached" if intent.verb == "breach" else intent.fields["kind"]
        return due_uuid(uuid_of(f"lead/{lead.slug}"), rule, intent.fields["due"])
    return uuid_of(intent.name)


def _missing(plan: Plan) -> set[UUID]:
    wanted = [event_uuid(lead, intent) for lead in plan.leads for intent in lead.intents]
    missing = set(wanted)
    for part in _parts(wanted, 500):
        missing -= set(LeadEvent.objects.filter(uuid__in=part).values_list("uuid", flat=True))
    batches = [uuid_of(batch.name) for batch in plan.batches]
    done = Batch.objects.filter(pk__in=batches, finished_at__isnull=False).values_list("pk", flat=True)
    return (missing | set(batches)) - set(done)


def _parts(things: Sequence[UUID], size: int) -> Iterable[Sequence[UUID]]:
    return (things[i : i + size] for i in range(0, len(things), size))


@transaction.atomic
def _open_office(plan: Plan) -> dict[str, User]:
    """The office's name and rules, and its people; those who are there already stay as they are."""
    office = OfficeSettings.load()
    if not User.objects.exists():
        office.name, office.time_zone = OFFICE_NAME, OFFICE_ZONE
        # The stories keep to these numbers, so a fresh office gets them whatever its defaults.
        office.sla_minutes, office.no_response_days, office.no_response_attempts, office.no_progress_days = (
            5,
            21,
            6,
            180,
        )
        office.save()
    return {person.login: _hire(person, plan) for person in STAFF}


def _hire(person: Staff, plan: Plan) -> User:
    uuid = uuid_of(f"staff/{person.login}")
    found = User.objects.filter(uuid=uuid).first()
    if found is not None:
        return found
    return User.objects.create_user(
        person.login,
        f"{person.login}@example.com",
        PASSWORD,
        uuid=uuid,
        display_name=person.display_name,
        role=person.role,
        first_name=person.first,
        last_name=person.display_name.split()[-1],
        # The day everybody joined is how a later run finds the plan again.
        date_joined=plan.start,
    )


def _say_goodbye(people: dict[str, User]) -> None:
    """Who left is deactivated when all is told: until then their own past still has to be played."""
    for person in STAFF:
        if person.left:
            people[person.login].is_active = False
            people[person.login].save(update_fields=["is_active"])


class _Player:
    """Makes the calls. Keeps the people and the ids of the leads, which the plan knows only by name."""

    def __init__(self, people: dict[str, User]) -> None:
        self._people = people
        self._ids: dict[UUID, int] = dict(Lead.objects.values_list("uuid", "pk"))
        self._zone = ZoneInfo(OFFICE_ZONE)
        self._verbs: dict[str, Callable[..., Any]] = {
            "contact": service.log_contact,
            "note": service.add_note,
            "flag": service.set_flag,
            "clear": service.clear_flag,
        }

    def play(self, lead: PlannedLead | None, intent: Intent) -> None:
        """One call of the one door, at the moment it happened."""
        if lead is None:
            self._give_on(intent)
            return
        fields = dict(intent.fields)
        common: dict[str, Any] = {
            "actor": self._people[intent.actor] if intent.actor else None,
            "source": intent.source,
            "uuid": event_uuid(lead, intent),
            "now": intent.at,
        }
        if intent.occurred_at is not None:
            common["occurred_at"] = intent.occurred_at
        uuid = uuid_of(f"lead/{lead.slug}")
        if intent.verb == "create":
            self._create(lead, uuid, fields, common)
        elif intent.verb in ("breach", "timeout"):
            self._scribe(intent, self._ids[uuid], uuid, fields)
        else:
            self._act(intent, self._ids[uuid], fields, common)

    def _give_on(self, intent: Intent) -> None:
        """Many leads at once, each as it stands at that moment."""
        actor, fields = self._people[intent.actor], intent.fields
        to = {uuid_of(f"lead/{slug}"): self._people[login].pk for slug, login in fields["to"].items()}
        found = Lead.objects.filter(uuid__in=to).values_list("pk", "version", "uuid")
        batch = bulk.begin(
            uuid=uuid_of(intent.name),
            actor=actor,
            wishes=[bulk.Wish(pk, version, to[uuid]) for pk, version, uuid in found],
            reason=fields["reason"],
            note=fields["note"],
            hands_back=Batch.objects.get(pk=uuid_of(fields["hands_back"])) if fields["hands_back"] else None,
            now=intent.at,
        )
        while batch.finished_at is None:
            batch = bulk.carry_on(uuid=batch.pk, actor=actor, now=intent.at)

    def _create(self, lead: PlannedLead, uuid: UUID, fields: dict[str, Any], common: dict[str, Any]) -> None:
        row = Lead(
            uuid=uuid,
            name=lead.profile.name,
            email=lead.profile.email,
            phone=lead.profile.phone,
            headline=lead.profile.headline,
        )
        fields["agent"] = self._people[fields["agent"]] if fields["agent"] else None
        self._ids[uuid] = service.create_lead(lead=row, **fields, **common).lead_id

    def _scribe(self, intent: Intent, lead_id: int, uuid: UUID, fields: dict[str, Any]) -> None:
        if intent.verb == "breach":
            service.declare_breach(lead_id=lead_id, lead_uuid=uuid, due=fields["due"], now=intent.at)
        else:
            service.time_out(lead_id=lead_id, lead_uuid=uuid, kind=fields["kind"], due=fields["due"], now=intent.at)

    def _act(self, intent: Intent, lead_id: int, fields: dict[str, Any], common: dict[str, Any]) -> None:
        match intent.verb:
            case "move":
                self._move(intent, lead_id, fields, common)
            case "assign":
                to = fields.pop("to")
                service.assign_lead(lead_id=lead_id, to_agent=self._people[to] if to else None, **fields, **common)
            case "details":
                service.change_contact(lead_id=lead_id, fields=fields["contact"], **common)
            case "void" | "correct":
                fields["target"] = uuid_of(fields["target"])
                verb = service.void_move if intent.verb == "void" else service.correct_reason
                verb(lead_id=lead_id, **fields, **common)
            case verb:
                self._verbs[verb](lead_id=lead_id, **fields, **common)

    def _move(self, intent: Intent, lead_id: int, fields: dict[str, Any], common: dict[str, Any]) -> None:
        if (days := fields.pop("closed_days_before", None)) is not None:
            fields["closing_date"] = intent.at.astimezone(self._zone).date() - timedelta(days=days)
        if twin := fields.pop("duplicate", ""):
            fields["duplicate_of"] = Lead.objects.get(uuid=uuid_of(f"lead/{twin}"))
        service.move_lead(lead_id=lead_id, **fields, **common)
