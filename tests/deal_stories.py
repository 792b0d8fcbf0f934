"""An office that lives on deals: few leads, signed, executed, fallen back, handed about, undone."""

from datetime import UTC, datetime, timedelta

from leads.models import User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.states import State
from lifecycle.transitions import legal_targets
from tests.factories import UserFactory, ada, ana, ben, bruna, needs
from tests.past_stories import Office

#: Why deals fall, by the stage that they fall from.
WHY = {
    State.COMMITTED.value: ("cold_feet", "outbid", "financing_affordability", "other"),
    State.IN_CONTRACT.value: ("appraisal_low", "cold_feet", "financing_denied", "other"),
}
NOTE = "She told Ana so on the phone this morning."


class DealOffice(Office):
    """As `Office`, with another agent, two days to half a minute between the acts, and deals that rarely end."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.now = datetime(2026, 9, 20, 17, tzinfo=UTC)
        cleo = UserFactory.create(username="cleo", display_name="Cleo Conti")
        self.people: list[User | None] = [ana(), ben(), cleo, None]

    def live(self, acts: int) -> None:
        for _ in range(3):
            self._new()
        kinds = [*[self._move] * 12, *[self._assign] * 3, self._undo, self._correct, self._new]
        for _ in range(acts):
            self.now += timedelta(seconds=self.chance.choice([0, 30, 1200, 3600, 40000, 200000, 400000]))
            act = self.chance.choice(kinds)
            try:
                act()
            except Refused:
                continue

    def _move(self) -> None:
        lead = self._lead()
        ends = (State.ARCHIVED, State.TRASHED, State.CLOSED)
        legal = sorted(legal_targets(lead.status))
        wanted = [s for s in legal if s not in ends] or legal
        to = self.chance.choice(wanted if self.chance.random() < 0.99 else legal)
        if (lead.status, to) == (State.NEW, State.CONTACTING):
            return self._call(lead)
        said = dict(needs(lead.status, to, self.now))
        if to == State.QUALIFIED and lead.status in WHY:
            said = {"reason": self.chance.choice(WHY[lead.status]), "note": NOTE}
        by = self.chance.choice([lead.agent or bruna(), bruna(), ada()])
        common = {**self._common, "actor": by}
        service.move_lead(lead_id=lead.pk, to=to, occurred_at=self._earlier(), **said, **common)
