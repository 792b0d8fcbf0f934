"""An office whose days are made up by chance, through the one door: moves, calls, hand-overs, undone and late ones.

Now and then an import brings leads of which an old system knew a status alone; some are taken back and come again.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Channel, Kind, Outcome, Source
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.service.importing.withdrawing import withdrawn_among
from lifecycle.states import State
from lifecycle.transitions import legal_targets
from tests.backfilled import any_row, batch_of, came_in, taken_back, taken_up
from tests.factories import LeadFactory, ana, ben, bruna, needs

MONDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)


class Office:
    """``plain``: nothing is undone, corrected or written down late, so that the two clocks agree."""

    def __init__(self, seed: int, *, plain: bool = False) -> None:
        self.chance, self.plain = Random(seed), plain
        self.now = MONDAY
        self.people: list[User | None] = [ana(), ben(), bruna(), None]

    def live(self, acts: int) -> None:
        """So many things happen, minutes or days apart; what the rules refuse does not."""
        kinds = [self._new, self._move, self._move, self._call, self._assign, self._flag, self._note]
        if not self.plain:
            kinds += [self._undo, self._correct, self._import, self._take_back, self._take_up]
        for _ in range(acts):
            self.now += timedelta(minutes=self.chance.choice([1, 3, 50, 600, 3000, 40000]))
            act = self.chance.choice(kinds) if Lead.objects.exists() else self._new
            try:
                act()
            except Refused:
                continue

    def _lead(self) -> Lead:
        return self.chance.choice(list(Lead.objects.order_by("pk")))

    @property
    def _common(self) -> dict[str, Any]:
        return {"actor": bruna(), "source": Source.PAGE, "now": self.now}

    def _earlier(self) -> datetime | None:
        late = not self.plain and self.chance.random() < 0.4
        return self.now - timedelta(minutes=self.chance.choice([2, 400, 5000])) if late else None

    def _new(self) -> None:
        agent = self.chance.choice(self.people)
        lead = LeadFactory.build(name=f"Lead {Lead.objects.count()}", headline="Two rooms with a view")
        service.create_lead(lead=lead, inquiry="website", agent=agent, occurred_at=self._earlier(), **self._common)

    def _move(self) -> None:
        lead = self._lead()
        to = self.chance.choice(sorted(legal_targets(lead.status)) or [State.NEW])
        if to == State.CONTACTING and lead.status == State.NEW:
            return self._call(lead)
        said = dict(needs(lead.status, to, self.now))
        if to == State.COMMITTED and self.chance.random() < 0.5:
            said.pop("document")
        service.move_lead(lead_id=lead.pk, to=to, occurred_at=self._earlier(), **said, **self._common)

    def _call(self, lead: Lead | None = None) -> None:
        outcome = self.chance.choice([Outcome.NO_ANSWER, Outcome.VOICEMAIL])
        said: dict[str, Any] = {
            "channel": Channel.CALL,
            "outcome": outcome,
            "override_reason": "Asked us to call back.",
        }
        lead_id = (lead or self._lead()).pk
        service.log_contact(lead_id=lead_id, occurred_at=self._earlier(), **said, **self._common)

    def _assign(self) -> None:
        to = self.chance.choice(self.people)
        reason = "workload_balance" if to else "returned_to_pool"
        service.assign_lead(lead_id=self._lead().pk, to_agent=to, reason=reason, **self._common)

    def _flag(self) -> None:
        flag = self.chance.choice(list(Flag)).value
        lead = self._lead()
        if getattr(lead, flag):
            service.clear_flag(
                lead_id=lead.pk, flag=flag, reason="lead_reconsented", note="She said so.", **self._common
            )
        else:
            service.set_flag(lead_id=lead.pk, flag=flag, reason="lead_request_phone", **self._common)

    def _note(self) -> None:
        document = self.chance.choice(["", "agreement.pdf"])
        service.add_note(lead_id=self._lead().pk, note="Likes the garden.", document=document, **self._common)

    def _undo(self) -> None:
        lead = self._lead()
        moves = LeadEvent.objects.filter(lead=lead).exclude(to_status="").exclude(kind=Kind.MOVE_VOIDED.value)
        undone = LeadEvent.objects.filter(lead=lead, kind=Kind.MOVE_VOIDED.value).values("target")
        newest = moves.exclude(pk__in=undone).order_by("-version").first()
        if newest is not None:
            service.void_move(lead_id=lead.pk, target=newest.uuid, reason="mis_drag", **self._common)

    def _correct(self) -> None:
        back = [Kind.DEAL_COLLAPSED.value, Kind.CONTRACT_VOIDED.value]
        told = list(LeadEvent.objects.filter(kind__in=back).order_by("pk"))
        if told:
            fact = self.chance.choice(told)
            said: dict[str, Any] = {"target": fact.uuid, "reason": "cold_feet", "note": "She told Ana on the phone."}
            service.correct_reason(lead_id=fact.lead_id, **said, **self._common)

    def _import(self) -> None:
        rows = [any_row(self.chance, self.people, self.now) for _ in range(self.chance.choice([1, 2, 3]))]
        came_in(rows, now=self.now)

    def _take_back(self) -> None:
        mine = Lead.objects.exclude(external_key="").order_by("pk")
        if mine:
            brought = batch_of(self.chance.choice(list(mine)))
            taken_back([lead for lead in mine if batch_of(lead) == brought], now=self.now)

    def _take_up(self) -> None:
        ids = list(Lead.objects.exclude(external_key="").order_by("pk").values_list("pk", flat=True))
        gone = list(Lead.objects.filter(pk__in=withdrawn_among(ids)).order_by("pk"))
        if gone:
            again = self.chance.sample(gone, self.chance.choice(range(1, len(gone) + 1)))
            taken_up(again, [any_row(self.chance, self.people, self.now) for _ in again], now=self.now)
