"""The kinds of fact, by group, with one sentence each. What no release writes yet is a group of its own."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from lifecycle.events import Kind


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind as the help names it; ``code`` is its name in the log."""

    code: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class KindGroup:
    title: str
    rows: list[KindRow]


#: Nothing writes or shows these before temperature has come.
UNTOLD = frozenset({Kind.TEMPERATURE_CHANGED, Kind.SIGNAL_LOGGED})

_MOVES = gettext_noop("Facts that move a lead")
_STAYS = gettext_noop("Facts that move nothing")
_CORRECTS = gettext_noop("Corrections")
_ELSEWHERE = gettext_noop("From other systems")
_KEPT = gettext_noop("Reserved: their names are fixed, nothing writes them yet")

_WORDS: dict[Kind, tuple[str, str, str]] = {
    Kind.LEAD_CREATED: (_MOVES, gettext_noop("Lead created"), gettext_noop("The lead began; where it came from.")),
    Kind.CONTACT_ATTEMPTED: (
        _MOVES,
        gettext_noop("First outreach made"),
        gettext_noop("Somebody reached out for the first time, so Scribe moved the lead."),
    ),
    Kind.BOGUS_CONTACT_DETECTED: (
        _MOVES,
        gettext_noop("Contact data found bad"),
        gettext_noop("Nobody can be reached with this data, and why."),
    ),
    Kind.MOTIVATION_CONFIRMED: (
        _MOVES,
        gettext_noop("Motivation confirmed"),
        gettext_noop("The lead really wants to buy; the note says how we know."),
    ),
    Kind.TIMED_OUT_NO_RESPONSE: (
        _MOVES,
        gettext_noop("Timed out: no answer"),
        gettext_noop("We tried often enough and long enough, and nobody answered."),
    ),
    Kind.BUYER_AGREEMENT_SIGNED: (
        _MOVES,
        gettext_noop("Buyer's agreement signed"),
        gettext_noop("It is on paper; the fact says whether a document is on file."),
    ),
    Kind.TIMED_OUT_NO_PROGRESS: (
        _MOVES,
        gettext_noop("Timed out: no progress"),
        gettext_noop("A qualified lead stood still for as long as the office waits."),
    ),
    Kind.ARCHIVED_MANUALLY: (
        _MOVES,
        gettext_noop("Archived by hand"),
        gettext_noop("Somebody set the lead aside, and why."),
    ),
    Kind.CONTRACT_EXECUTED: (_MOVES, gettext_noop("In contract"), gettext_noop("The offer was accepted.")),
    Kind.DEAL_COLLAPSED: (
        _MOVES,
        gettext_noop("Deal collapsed"),
        gettext_noop("A committed lead fell back before there was a contract; reason and note say why."),
    ),
    Kind.CLOSING_COMPLETED: (_MOVES, gettext_noop("Closed"), gettext_noop("Funded, keys exchanged; with the date.")),
    Kind.CONTRACT_VOIDED: (
        _MOVES,
        gettext_noop("Contract voided"),
        gettext_noop("A contract fell through; reason and note say why."),
    ),
    Kind.LEAD_RE_ENGAGED: (
        _MOVES,
        gettext_noop("Re-engaged"),
        gettext_noop("An archived lead is worked again, and what brought it back."),
    ),
    Kind.CONTACT_INFO_UPDATED: (
        _MOVES,
        gettext_noop("Contact data corrected"),
        gettext_noop("A trashed lead can be reached after all and begins again as new."),
    ),
    Kind.AGENT_ASSIGNED: (
        _STAYS,
        gettext_noop("Assigned"),
        gettext_noop("Who held the lead before, who holds it now, and why. The pool is nobody."),
    ),
    Kind.CONTACT_LOGGED: (
        _STAYS,
        gettext_noop("Contact logged"),
        gettext_noop("A call, e-mail, text or meeting, in either direction, and what came of it."),
    ),
    Kind.FLAG_SET: (_STAYS, gettext_noop("Flag set"), gettext_noop("A channel was closed, and how we know.")),
    Kind.FLAG_CLEARED: (_STAYS, gettext_noop("Flag cleared"), gettext_noop("A channel is open again, and why.")),
    Kind.NOTE_ADDED: (_STAYS, gettext_noop("Note added"), gettext_noop("Words, or a document, or both.")),
    Kind.SLA_BREACHED: (
        _STAYS,
        gettext_noop("First contact late"),
        gettext_noop("The first contact did not come in time. Written once; nothing clears it."),
    ),
    Kind.CONTACT_DETAILS_CHANGED: (
        _STAYS,
        gettext_noop("Contact data changed"),
        gettext_noop("Which fields changed, never what they said before or after."),
    ),
    Kind.MOVE_VOIDED: (
        _CORRECTS,
        gettext_noop("Move undone"),
        gettext_noop("A move did not count. Stage, time of entry and provenance are what they were before it."),
    ),
    Kind.REASON_CORRECTED: (
        _CORRECTS,
        gettext_noop("Reason corrected"),
        gettext_noop("Another reason stands beside the first one, with a note."),
    ),
    Kind.HISTORY_IMPORTED: (
        _ELSEWHERE,
        gettext_noop("Move of another system"),
        gettext_noop(
            "What another system knew: a move that our table does not have, kept as it happened there; or where a lead "
            "stood, when nobody knows how it came there. Never judged by our rules."
        ),
    ),
    Kind.IMPORT_WITHDRAWN: (
        _ELSEWHERE,
        gettext_noop("Import taken back"),
        gettext_noop(
            "The import that brought the lead was taken back, so it went to Trashed. A later import takes it up again "
            "where it stood."
        ),
    ),
    Kind.LEAD_ABSORBED: (_KEPT, gettext_noop("Lead absorbed"), gettext_noop("Another lead was merged into this one.")),
    Kind.MERGED_INTO: (_KEPT, gettext_noop("Merged"), gettext_noop("This lead was merged into another one.")),
    Kind.MERGE_UNDONE: (_KEPT, gettext_noop("Merge undone"), gettext_noop("Two leads are two again.")),
    Kind.LEGAL_HOLD_SET: (_KEPT, gettext_noop("Legal hold set"), gettext_noop("Nothing of this lead may be erased.")),
    Kind.LEGAL_HOLD_CLEARED: (_KEPT, gettext_noop("Legal hold lifted"), gettext_noop("Erasing is possible again.")),
    Kind.PERSONAL_DATA_ERASED: (
        _KEPT,
        gettext_noop("Personal data erased"),
        gettext_noop("The words are gone, the facts stay."),
    ),
}


def name_of(kind: Kind) -> str:
    """What the help calls a kind; one without words of ours goes by its label."""
    return gettext(_WORDS[kind][1]) if kind in _WORDS else kind.label


def kind_groups() -> list[KindGroup]:
    """Every kind that is or will be written, under the heads of their groups."""
    groups: dict[str, list[KindRow]] = {}
    for kind in Kind:
        if kind not in UNTOLD:
            head, _, sentence = _WORDS.get(kind, (_KEPT, "", ""))
            row = KindRow(kind.value, name_of(kind), gettext(sentence) if sentence else "")
            groups.setdefault(head, []).append(row)
    return [KindGroup(gettext(head), groups[head]) for head in (_MOVES, _STAYS, _CORRECTS, _ELSEWHERE, _KEPT)]
