"""The ways into Qualified as people see them: words, icon and look, the same on a card, over its column and in a list.

Words and icons tell them apart; colours only help.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import translation
from django.utils.translation import pgettext

from lifecycle.reasons import Reason
from lifecycle.speech import Translator
from lifecycle.states import Provenance, State
from lifecycle.timeline.because import in_sentence, label

from .models import Lead
from .moments import ago, exact
from .sign import Sign


@dataclass(frozen=True, slots=True)
class Way:
    """``look`` is the ending of its classes (``chip-…``, ``mix-…``), ``edge`` the classes of a card's edge.

    ``short`` stands over the column, where every letter counts; ``when`` and ``why`` are the words of a chip.
    """

    icon: str
    look: str
    edge: str
    short: Callable[[], str]
    when: Callable[[Translator], str]
    why: Callable[[Translator], str]


WAYS: dict[str, Way] = {
    Provenance.FRESH: Way(
        "sparkles",
        "fresh",
        "",
        lambda: pgettext("over a column", "Fresh"),
        lambda say: say.gettext("Fresh %(ago)s"),
        lambda say: say.gettext("Fresh %(ago)s: %(reason)s"),
    ),
    Provenance.FELL_BACK_COMMITTED: Way(
        "undo-2",
        "back",
        "is-back",
        lambda: pgettext("over a column: fell back …", "Before contract"),
        lambda say: say.gettext("Fell back before contract %(ago)s"),
        lambda say: say.gettext("Fell back before contract %(ago)s: %(reason)s"),
    ),
    Provenance.FELL_BACK_CONTRACT: Way(
        "chevrons-left",
        "voided",
        "is-back is-voided",
        lambda: pgettext("over a column: fell back …", "From contract"),
        lambda say: say.gettext("Fell back from contract %(ago)s"),
        lambda say: say.gettext("Fell back from contract %(ago)s: %(reason)s"),
    ),
    Provenance.RE_ENGAGED: Way(
        "rotate-ccw",
        "again",
        "is-again",
        lambda: pgettext("over a column", "Re-engaged"),
        lambda say: say.gettext("Re-engaged %(ago)s"),
        lambda say: say.gettext("Re-engaged %(ago)s: %(reason)s"),
    ),
    Provenance.IMPORTED: Way(
        "upload",
        "plain",
        "",
        lambda: pgettext("over a column", "Imported"),
        # When it came here in the other system, not when it was imported.
        lambda say: say.gettext("Imported: came here %(ago)s"),
        lambda say: say.gettext("Imported: came here %(ago)s, %(reason)s"),
    ),
}
#: Stages in which the way into Qualified still says something; a closed or archived lead has another story.
_TOLD_IN = frozenset(s.value for s in (State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT))
#: What is told of outside Qualified too: there, the straight way is not worth a word.
_SETBACKS = frozenset({Provenance.FELL_BACK_COMMITTED, Provenance.FELL_BACK_CONTRACT, Provenance.RE_ENGAGED})


def way_of(lead: Lead) -> Way | None:
    """How this lead came into Qualified, as far as that is worth telling in the stage where it stands."""
    if lead.status not in _TOLD_IN or not lead.provenance_at:
        return None
    return WAYS.get(lead.provenance) if lead.status == State.QUALIFIED or lead.provenance in _SETBACKS else None


def sign_of(
    lead: Lead, now: datetime, zone: tzinfo, reasons: dict[str, Reason], say: Translator = translation
) -> Sign | None:
    """That as a chip: which way, when and why. Nothing where it is not worth telling."""
    way = way_of(lead)
    if way is None or lead.provenance_at is None:
        return None
    reason = in_sentence(label(lead.provenance_reason, "", reasons, viewer_is_broker=False))
    said = {"ago": ago(lead.provenance_at, now, say), "reason": reason}
    told = {
        "way": Provenance(lead.provenance).label,
        "moment": exact(lead.provenance_at, zone, say),
        "reason": reason,
    }
    words = (way.why(say) if reason else way.when(say)) % said
    more = (say.gettext("%(way)s, %(moment)s: %(reason)s") if reason else say.gettext("%(way)s, %(moment)s")) % told
    return Sign(words, way.icon, f"chip-{way.look}", more)


def times_here(lead: Lead) -> int:
    """How often this lead has come to where it stands, as far as its own columns tell: in Qualified alone."""
    return lead.times_qualified if lead.status == State.QUALIFIED else 0
