"""A lead whose state is a machine of django-fsm-2: one transition for each move that the table has."""

from typing import Any

from django_fsm import ConcurrentTransitionMixin, FSMField, transition
from django_fsm_log.decorators import fsm_log_by, fsm_log_description

from bench.peers.columns import LeadColumns
from bench.steps import FIRST


class Machine(LeadColumns):
    """The log's decorators take who and why."""

    status = FSMField(default=FIRST, max_length=16, protected=True)

    class Meta(LeadColumns.Meta):
        abstract = True

    @fsm_log_by
    @fsm_log_description
    @transition(field=status, source=["CONTACTING", "COMMITTED", "IN_CONTRACT"], target="QUALIFIED")
    def to_qualified(self, by: Any = None, description: str = "") -> None:
        """Confirmed, or back."""

    @fsm_log_by
    @fsm_log_description
    @transition(field=status, source="QUALIFIED", target="COMMITTED")
    def to_committed(self, by: Any = None, description: str = "") -> None:
        """Signed."""

    @fsm_log_by
    @fsm_log_description
    @transition(field=status, source="COMMITTED", target="IN_CONTRACT")
    def to_in_contract(self, by: Any = None, description: str = "") -> None:
        """Executed."""

    @fsm_log_by
    @fsm_log_description
    @transition(field=status, source=["CONTACTING", "QUALIFIED"], target="ARCHIVED")
    def to_archived(self, by: Any = None, description: str = "") -> None:
        """Set aside."""

    @fsm_log_by
    @fsm_log_description
    @transition(field=status, source="ARCHIVED", target="CONTACTING")
    def to_contacting(self, by: Any = None, description: str = "") -> None:
        """Re-engaged."""


class Lead(Machine):
    """As the documentation begins."""


class CarefulLead(ConcurrentTransitionMixin, Machine):
    """As the documentation goes on, for who fears a race."""

    class Meta:
        # The indexes have one name each, and a database holds leads of one kind or of the other.
        indexes = ()
