"""What other systems call their stages → our states. Pure.

A word stands here only when its meaning is plain. The lead goes no further than the word promises: a contract that
was sent is not signed. ``Open``, ``Active`` or ``Prospect`` may mean anything and are left to a person.
"""

import re
from collections.abc import Iterable

from lifecycle.states import State

from .words import spelled

WORDS: dict[State, tuple[str, ...]] = {
    State.NEW: (
        *("new", "new lead", "new inquiry", "not contacted", "uncontacted", "open not contacted", "unworked", "lead"),
        *("inquiry", "unclaimed", "fresh", "registered", "prospecting", "subscriber", "nuevo"),
    ),
    State.CONTACTING: (
        *("attempted to contact", "attempted contact", "attempting contact", "attempting", "contacting", "contacted"),
        *("working", "working contacted", "left message", "left voicemail", "no answer", "engaging", "in progress"),
        *("connected", "contactado"),
    ),
    # "Nurture" is somebody who was spoken to and wants to buy, only later.
    State.QUALIFIED: (
        *("qualified", "pre qualified", "prequalified", "qualification", "sales qualified lead", "opportunity", "hot"),
        *("hot lead", "hot prospect", "active client", "active buyer", "showing", "showing homes", "touring"),
        *("site visit", "searching", "nurture", "nurturing", "needs analysis", "initial offer", "negotiation"),
        *("proposal", "proposal price quote", "negotiation review", "closed converted", "converted"),
        *("open deal", "appointment scheduled", "appointment set", "qualified to buy", "presentation scheduled"),
        *("decision maker bought in", "contract sent", "calificado"),
    ),
    State.COMMITTED: (
        *("agreement signed", "signed agreement", "buyer agreement signed", "signed", "under agreement", "committed"),
        *("booking", "booked", "reserved"),
    ),
    State.IN_CONTRACT: (
        *("under contract", "in contract", "in escrow", "escrow", "pending", "offer accepted", "contract accepted"),
        *("under offer", "sale agreed"),
    ),
    State.CLOSED: (
        *("closed", "closed won", "won", "sold", "past client", "customer", "deal closed", "settled", "funded"),
        *("ganado", "vendido"),
    ),
    State.ARCHIVED: (
        *("lost", "lost lead", "closed lost", "archived", "archive", "inactive", "dormant", "not interested", "dead"),
        *("unresponsive", "no response", "on hold", "unqualified", "not qualified", "disqualified", "cold"),
        *("closed not converted", "bad timing", "contact in future", "contact later", "expired", "withdrawn"),
        *("cancelled", "canceled", "perdido"),
    ),
    State.TRASHED: (
        *("trash", "trashed", "junk", "junk lead", "spam", "bogus", "fake", "bad number", "wrong number", "bad lead"),
        *("invalid", "invalid contact", "bad contact", "bounced", "test lead", "duplicate", "basura"),
    ),
}
_MEANS = {word: state.value for state, words in WORDS.items() for word in words}
#: Systems that glue the words of a stage to a name.
_GLUED = {word.replace(" ", ""): state for word, state in _MEANS.items()}
_NUMBER = re.compile(r"^\s*[0-9]+\s*[.):-]\s*")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
#: Nothing more is going on with a lead of these.
OVER = frozenset({State.CLOSED.value, State.ARCHIVED.value, State.TRASHED.value})


def guess_statuses(words: Iterable[str]) -> dict[str, str]:
    """Each word → one of our states, ``""`` where it cannot be told. Order, case and numbering do not matter."""
    return {word: _state(word) for word in words}


def _state(word: str) -> str:
    for tried in (word, _NUMBER.sub("", word), _REMARK.sub("", _NUMBER.sub("", word))):
        spelling = spelled(tried)
        state = _MEANS.get(spelling) or _GLUED.get(spelling.replace(" ", ""))
        if state:
            return state
    return ""
