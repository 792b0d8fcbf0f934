"""A lead's life against a plain list of what happened, step by step, through the service and the database.

The model knows the design and nothing of the code: a list of facts, and from it what each column must say.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna, otto
from tests.soundness import assert_sound, everything

#: Which targets a person may ask for, and what the move is then called: the design's table by heart.
LEGAL = {
    ("NEW", "TRASHED"): "bogus_contact_detected",
    ("NEW", "ARCHIVED"): "archived_manually",
    ("CONTACTING", "QUALIFIED"): "motivation_confirmed",
    ("CONTACTING", "TRASHED"): "bogus_contact_detected",
    ("CONTACTING", "ARCHIVED"): "archived_manually",
    ("QUALIFIED", "COMMITTED"): "buyer_agreement_signed",
    ("QUALIFIED", "ARCHIVED"): "archived_manually",
    ("COMMITTED", "IN_CONTRACT"): "contract_executed",
    ("COMMITTED", "QUALIFIED"): "deal_collapsed",
    ("IN_CONTRACT", "CLOSED"): "closing_completed",
    ("IN_CONTRACT", "QUALIFIED"): "contract_voided",
    ("ARCHIVED", "CONTACTING"): "lead_re_engaged",
    ("TRASHED", "NEW"): "contact_info_updated",
}
REASONS = {
    "bogus_contact_detected": "fake_identity",
    "archived_manually": "not_interested",
    "deal_collapsed": "outbid",
    "contract_voided": "appraisal_low",
    "lead_re_engaged": "replied",
}
NOTED = {"motivation_confirmed", "deal_collapsed", "contract_voided"}
STATES = [s.value for s in State]
FLAGS = [f.value for f in Flag]
HARD = ("dnc", "unsubscribed")


class Model:
    """A plain list of what happened: (kind, said), and the standing moves with what was before each."""

    def __init__(self) -> None:
        self.facts: list[str] = []
        self.status, self.agent, self.flags = "", "pool", set[str]()
        self.moves: list[tuple[UUID, str, datetime, str, str, int, int]] = []
        self.provenance, self.attempts, self.times_qualified = "", 0, 0

    def moved(self, key: UUID, kind: str, to: str, author: str, now: datetime) -> None:
        anew = kind in ("lead_re_engaged", "contact_info_updated")
        counted = self.attempts if anew else 0
        self.moves.append((key, author, now, self.status, self.provenance, counted, self.times_qualified))
        self.facts.append(kind)
        if anew:
            self.attempts = 0
        if kind == "deal_collapsed":
            self.provenance = "fell_back_committed"
        elif kind == "contract_voided":
            self.provenance = "fell_back_contract"
        elif kind == "lead_re_engaged":
            self.provenance = "re_engaged"
        elif to == "NEW":
            self.provenance = ""
        elif kind == "motivation_confirmed" and self.provenance != "re_engaged":
            self.provenance = "fresh"
        self.times_qualified += to == "QUALIFIED"
        self.status = to

    def voided(self) -> None:
        _, _, _, self.status, self.provenance, counted, self.times_qualified = self.moves.pop()
        self.attempts += counted
        self.facts.append("move_voided")


class LeadsLife(RuleBasedStateMachine):
    """Ana, Ben, Bruna and Otto at one lead, in any order, sensibly or not."""

    @initialize(agent=st.sampled_from(["pool", "ana", "ben"]))
    def begins(self, agent: str) -> None:
        self.people: dict[str, User] = {"ana": ana(), "ben": ben(), "bruna": bruna(), "otto": otto()}
        self.model, self.now = Model(), datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.lead = LeadFactory.build()
        key = uuid4()
        service.create_lead(
            lead=self.lead,
            inquiry="website",
            agent=self.people.get(agent),
            actor=self.people["bruna"],
            source=Source.FORM,
            uuid=key,
            now=self.now,
        )
        self.model.moved(key, "lead_created", "NEW", "bruna", self.now)
        self.sent: tuple[Any, dict[str, Any]] | None = None
        if agent != "pool":
            self.model.agent = agent
            self.model.facts.append("agent_assigned")

    # --- what should happen, by the design alone ---

    def may(self, who: str) -> bool:
        return who == "bruna" or (who != "otto" and self.model.agent in ("pool", who))

    def attempt(self, expected: bool, act: Any, who: str, **said: Any) -> Any:
        """Does it; a refusal where one is due leaves nothing behind, everything else goes through."""
        said |= {"lead_id": self.lead.pk, "actor": self.people[who], "source": Source.PAGE, "now": self.now}
        said.setdefault("uuid", uuid4())
        before = everything()
        try:
            result = act(**said)
        except Refused:
            assert not expected, (act.__name__, who, said)
            assert everything() == before, "A refusal left something behind."
            return None
        assert expected, (act.__name__, who, said)
        if result.events:
            self.sent = (act, said)
        return result

    people_ = st.sampled_from(["ana", "ben", "bruna", "otto"])

    @rule(minutes=st.sampled_from([0, 1, 16, 60 * 24]), back=st.booleans())
    def time_passes(self, minutes: int, back: bool) -> None:
        self.now += timedelta(minutes=minutes) if not back else timedelta(seconds=-2)

    @rule(who=people_, to=st.sampled_from(STATES), complete=st.booleans() | st.just(True))
    def somebody_moves(self, who: str, to: str, complete: bool) -> None:
        kind = LEGAL.get((self.model.status, to), "")
        said: dict[str, Any] = {"to": to}
        if complete:
            said["reason"] = REASONS.get(kind, "")
            said["note"] = "So it was." if kind in NOTED else ""
            if kind == "closing_completed":
                said["closing_date"] = self.now.date()
            if kind == "contact_info_updated":
                said["contact"] = {"phone": f"+1 415 555 {len(self.model.facts):04d}"}
        needs = kind in REASONS or kind in NOTED or kind in ("closing_completed", "contact_info_updated")
        same = to == self.model.status
        expected = self.may(who) and (same or (bool(kind) and (complete or not needs)))
        result = self.attempt(expected, service.move_lead, who, **said)
        if result and same:
            assert result.events == []
        elif result:
            (event,) = result.events
            assert event.kind == kind
            self.model.moved(event.uuid, kind, to, who, event.recorded_at)

    @rule(who=people_, direction=st.sampled_from(["outbound", "inbound"]), override=st.booleans())
    def somebody_logs_a_contact(self, who: str, direction: str, override: bool) -> None:
        outbound = direction == "outbound"
        expected = self.may(who) and (not outbound or override or "dnc" not in self.model.flags)
        said = {"channel": "call", "outcome": "spoke", "direction": direction}
        if override:
            said["override_reason"] = "They asked for it."
        result = self.attempt(expected, service.log_contact, who, **said)
        if result:
            self.model.facts.append("contact_logged")
            self.model.attempts += outbound
            if outbound and self.model.status == "NEW":
                logged, moved = result.events
                self.model.moved(moved.uuid, "contact_attempted", "CONTACTING", who, logged.recorded_at)

    @rule(who=people_, to=st.sampled_from(["pool", "ana", "ben", "otto"]), performance=st.booleans())
    def somebody_assigns(self, who: str, to: str, performance: bool) -> None:
        same = to == self.model.agent
        right = who == "bruna" or (not performance and not (self.model.agent == "pool" and to not in ("pool", who)))
        expected = self.may(who) and right and (same or to != "otto")
        said = {"to_agent": self.people.get(to), "reason": "performance" if performance else "territory"}
        result = self.attempt(expected, service.assign_lead, who, **said)
        if result and not same:
            self.model.agent = to
            self.model.facts.append("agent_assigned")

    @rule(who=people_, flag=st.sampled_from(FLAGS), on=st.booleans(), own_words=st.booleans())
    def somebody_changes_a_flag(self, who: str, flag: str, on: bool, own_words: bool) -> None:
        if on:
            act, said = service.set_flag, {"reason": "legal"}
        elif own_words:
            act, said = service.clear_flag, {"reason": "lead_reconsented", "note": "“Please do.”"}
        else:
            act, said = service.clear_flag, {"reason": "set_in_error"}
        right = on or flag not in HARD or who == "bruna" or own_words
        result = self.attempt(self.may(who) and right, act, who, flag=flag, **said)
        if result and (flag in self.model.flags) != on:
            self.model.flags ^= {flag}
            self.model.facts.append("flag_set" if on else "flag_cleared")
        elif result:
            assert result.events == []

    @rule(who=people_, note=st.sampled_from(["Hello.", "", " \n"]))
    def somebody_writes_a_note(self, who: str, note: str) -> None:
        if self.attempt(self.may(who) and bool(note.strip()), service.add_note, who, note=note):
            self.model.facts.append("note_added")

    @rule(who=people_, which=st.sampled_from([-1, -1, -2, 0]), reason=st.sampled_from(["mis_drag", ""]))
    def somebody_undoes_a_move(self, who: str, which: int, reason: str) -> None:
        moves = self.model.moves
        at = max(which, -len(moves)) % len(moves)
        key, author, recorded, before, *_ = moves[at]
        in_time = self.now - recorded <= timedelta(minutes=15)
        right = who == "bruna" or (author == who and in_time)
        expected = self.may(who) and right and at == len(moves) - 1 and bool(before) and bool(reason)
        if self.attempt(expected, service.void_move, who, target=key, reason=reason):
            self.model.voided()

    @rule(who=people_)
    def somebody_acts_on_an_old_card(self, who: str) -> None:
        for version in (len(self.model.facts) - 1, len(self.model.facts) + 1, -1):
            self.attempt(False, service.add_note, who, note="Late.", expected_version=version)

    @precondition(lambda self: self.sent is not None)
    @rule(who=people_)
    def the_last_form_is_sent_again(self, who: str) -> None:
        assert self.sent is not None
        act, said = self.sent
        before = everything()
        if self.people[who] != said["actor"]:
            with pytest.raises(Refused):
                act(**{**said, "actor": self.people[who]})
        else:
            again = act(**said)
            assert again.replayed and again.events[0].uuid == said["uuid"]
        assert everything() == before

    # --- after every step ---

    @invariant()
    def the_lead_is_as_the_list_says(self) -> None:
        lead = Lead.objects.get(pk=self.lead.pk)
        model = self.model
        assert list(lead.events.order_by("version").values_list("kind", flat=True)) == model.facts
        assert (lead.status, lead.version, lead.provenance) == (model.status, len(model.facts), model.provenance)
        assert (lead.agent.username if lead.agent else None) == (None if model.agent == "pool" else model.agent)
        assert {f for f in FLAGS if getattr(lead, f)} == model.flags
        assert (lead.attempts, lead.times_qualified) == (model.attempts, model.times_qualified)
        assert_sound(lead)


@pytest.mark.django_db
def test_the_columns_are_the_fold_of_a_gapless_chain_after_every_step() -> None:
    run_state_machine_as_test(
        LeadsLife,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
