"""The terms of the glossary: anchor → word, meaning, and the page (with its part) that says more.

Meanings may hold the office's numbers as blanks; see ``numbers``.
"""

from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

TERMS: dict[str, tuple[Any, str, str]] = {
    "archive": (
        pgettext_lazy("glossary", "Archive"),
        _(
            "To set a lead aside, by hand with a reason, or by Scribe after a timeout. It is kept and "
            "can be re-engaged."
        ),
        "lifecycle",
    ),
    "as-it-was": (
        pgettext_lazy("glossary", "As it was"),
        _(
            "One of the two readings of the past: what had happened by then, late entries included; moves "
            "that were undone later do not count."
        ),
        "broker#two-clocks",
    ),
    "as-known": (
        pgettext_lazy("glossary", "As we knew it then"),
        _("The other reading of the past: what had been written down by then, mistakes included."),
        "broker#two-clocks",
    ),
    "as-of": (
        pgettext_lazy("glossary", "As of"),
        _(
            "At a moment in the past. Every fact keeps two times, so the log can tell how a lead stood "
            "then, and also what we knew then."
        ),
        "broker#looking-back",
    ),
    "assign": (
        pgettext_lazy("glossary", "Assign"),
        _("To give a lead to an agent, or back to the pool. It is a fact of its own, with a reason."),
        "broker",
    ),
    "audit-trail": (
        pgettext_lazy("glossary", "Audit trail"),
        _(
            "A record that shows who did what, when and why. In Hindsight it is not an extra list: the "
            "log itself is the trail."
        ),
        "why",
    ),
    "backfilled": (
        pgettext_lazy("glossary", "Backfilled"),
        _("Worked out afterwards instead of recorded when it happened. Such facts are marked “about”."),
        "import#about",
    ),
    "batch": (
        pgettext_lazy("glossary", "Batch"),
        _("Many leads reassigned in one action. Each has a fact of its own, and the whole can be handed back."),
        "broker#handing-off",
    ),
    "board": (
        pgettext_lazy("glossary", "Board"),
        _("The page with a column for every stage. It is drawn from the log and follows it within seconds."),
        "board-shape",
    ),
    "breach": (
        pgettext_lazy("glossary", "Breach"),
        _(
            "A first contact that did not come within %(first_contact)s. Scribe writes it down once, "
            "and nothing clears it."
        ),
        "reference#first-contact",
    ),
    "card": (
        pgettext_lazy("glossary", "Card"),
        _("One lead on the board: who it is, what they want, and what needs attention."),
        "marks",
    ),
    "chip": (
        pgettext_lazy("glossary", "Chip"),
        _("A small coloured mark with an icon and words on a card or a lead's page."),
        "marks",
    ),
    "claim": (
        pgettext_lazy("glossary", "Claim"),
        _("To take a lead out of the pool for yourself. The button says “Take this lead”."),
        "agent",
    ),
    "closed": (
        pgettext_lazy("glossary", "Closed"),
        _("Funded, keys exchanged. A closed lead makes no more moves; repeat business is a new lead."),
        "lifecycle",
    ),
    "collapse": (
        pgettext_lazy("glossary", "Collapse"),
        _("A committed lead falls back to Qualified before there is a contract. It needs a reason and a note."),
        "reference#provenance",
    ),
    "committed": (
        pgettext_lazy("glossary", "Committed"),
        _("The buyer's agreement is signed. A verbal yes is not enough."),
        "lifecycle",
    ),
    "consent-flag": (
        pgettext_lazy("glossary", "Consent flag"),
        _("Another word for a flag: what a person has allowed or forbidden us."),
        "reference#flags",
    ),
    "consent-ledger": (
        pgettext_lazy("glossary", "Consent ledger"),
        _("Every flag of a lead that was ever set or cleared, by whom and how we know: “May we contact?”."),
        "broker#looking-back",
    ),
    "contact": (
        pgettext_lazy("glossary", "Contact"),
        _(
            "A call, an e-mail, a text or a meeting that somebody logged, in either direction. "
            "Voicemail and no answer count."
        ),
        "agent",
    ),
    "correction": (
        pgettext_lazy("glossary", "Correction"),
        _("A new fact that says what is wrong with an older one: an undo, or a better reason. Both stay."),
        "reference#corrections",
    ),
    "custody": (
        pgettext_lazy("glossary", "Custody"),
        _("Who held a lead from when to when, by whose hand and why. The pool counts as well."),
        "broker#looking-back",
    ),
    "demotion": (
        pgettext_lazy("glossary", "Demotion"),
        _(
            "A move back to Qualified because a deal collapsed or a contract was voided. Always with a "
            "reason and a note."
        ),
        "broker#demotion",
    ),
    "event": (pgettext_lazy("glossary", "Event"), _("The same as a fact: one entry of the log."), "reference#facts"),
    "fact": (
        pgettext_lazy("glossary", "Fact"),
        _("One thing that happened to a lead: who did it, when, and often why. Facts are never changed or removed."),
        "reference#facts",
    ),
    "fell-back": (
        pgettext_lazy("glossary", "Fell back"),
        _(
            "Said of a lead that is in Qualified because of a demotion. Its card has a solid edge and "
            "a chip with the reason."
        ),
        "marks",
    ),
    "first-contact-clock": (
        pgettext_lazy("glossary", "First-contact clock"),
        _("Runs from the inquiry until somebody reaches out. This office allows %(first_contact)s."),
        "reference#first-contact",
    ),
    "flag": (
        pgettext_lazy("glossary", "Flag"),
        _("Closes a channel, such as e-mail or the phone. Flags outlive every move."),
        "reference#flags",
    ),
    "fresh": (
        pgettext_lazy("glossary", "Fresh"),
        _("Said of a lead that came into Qualified straight from Contacting, without a setback before."),
        "reference#provenance",
    ),
    "hand-off": (
        pgettext_lazy("glossary", "Hand off"),
        _("To assign a lead that somebody holds to somebody else, with the reason."),
        "broker",
    ),
    "hash-chain": (
        pgettext_lazy("glossary", "Hash chain"),
        _("Every fact carries a fingerprint of itself and of the one before, so that clumsy tampering is found."),
        "admin#checking",
    ),
    "imported": (
        pgettext_lazy("glossary", "Imported"),
        _("Brought over from another system with its own time, and marked as such. Our rules do not judge it."),
        "import#honest",
    ),
    "in-contract": (
        pgettext_lazy("glossary", "In contract"),
        _("The offer is accepted and the deal is in escrow."),
        "lifecycle",
    ),
    "kind": (
        pgettext_lazy("glossary", "Kind"),
        _("What a fact is about, such as “deal collapsed” or “note added”."),
        "reference#facts",
    ),
    "lead": (
        pgettext_lazy("glossary", "Lead"),
        _("A person who may buy, and everything that happened with them here."),
        "reference",
    ),
    "log": (
        pgettext_lazy("glossary", "Log"),
        _("All facts in the order in which they were written. What the board shows follows from it."),
        "why",
    ),
    "logged-late": (
        pgettext_lazy("glossary", "Logged late"),
        _("Written down clearly later than it happened. The fact shows both times."),
        "reference#time",
    ),
    "move": (
        pgettext_lazy("glossary", "Move"),
        _("A fact that takes a lead from one stage to another. Only the moves of the table are possible."),
        "lifecycle",
    ),
    "path": (
        pgettext_lazy("glossary", "Path"),
        _("The strip on a lead's page: each stay in a stage with its length."),
        "broker",
    ),
    "pool": (
        pgettext_lazy("glossary", "Pool"),
        _("The leads that nobody holds. Every agent sees them and can take one."),
        "agent",
    ),
    "provenance": (
        pgettext_lazy("glossary", "Provenance"),
        _("How a lead came into Qualified: fresh, fell back before contract, fell back from contract, or re-engaged."),
        "reference#provenance",
    ),
    "qualified": (
        pgettext_lazy("glossary", "Qualified"),
        _("Motivated and shopping. Searching and touring share this stage."),
        "lifecycle",
    ),
    "re-engaged": (
        pgettext_lazy("glossary", "Re-engaged"),
        _("Said of a lead that was archived and is worked again. Its card has a dashed edge."),
        "marks",
    ),
    "reason-code": (
        pgettext_lazy("glossary", "Reason code"),
        _("A short fixed answer to “why?”. Its label may change; the code in the log never does."),
        "reference#reasons",
    ),
    "scribe": (
        pgettext_lazy("glossary", "Scribe"),
        _(
            "Hindsight itself, when it writes what follows from the office's rules. Scribe never "
            "decides and never writes prose."
        ),
        "reference#actors",
    ),
    "stage": (
        pgettext_lazy("glossary", "Stage"),
        _("Where a lead stands, one of eight; also called its state. Each is a column of the board."),
        "lifecycle",
    ),
    "stale": (
        pgettext_lazy("glossary", "Stale"),
        _("Longer in a stage than the office likes. It is a hint, not a move."),
        "reference#stale",
    ),
    "story-so-far": (
        pgettext_lazy("glossary", "Story so far"),
        _("One page for whoever takes a lead over: where it stands, what to mind, the last notes, who held it."),
        "agent#good-to-know",
    ),
    "timeline": (
        pgettext_lazy("glossary", "Timeline"),
        _("A lead's facts as a story, on its page. The newest comes first unless you turn it round."),
        "broker#timeline",
    ),
    "timeout": (
        pgettext_lazy("glossary", "Timeout"),
        _("Scribe archives a lead that was silent for %(no_response)s, or made no progress for %(no_progress)s."),
        "reference#timeouts",
    ),
    "trash": (
        pgettext_lazy("glossary", "Trash"),
        _("Where leads with bad contact data go. Nothing is deleted; corrected data brings a lead back as new."),
        "lifecycle",
    ),
    "undo": (
        pgettext_lazy("glossary", "Undo"),
        _(
            "To take back a lead's newest move. The log calls it a void: both rows stay, and the first "
            "is struck through."
        ),
        "reference#corrections",
    ),
    "version": (
        pgettext_lazy("glossary", "Version"),
        _(
            "How many facts a lead has. When two people change a lead at once, the second is told "
            "instead of overwriting."
        ),
        "reference#facts",
    ),
    "void": (
        pgettext_lazy("glossary", "Void"),
        _("Two things: a contract that falls through is voided, and an undone move is void in the log."),
        "reference#corrections",
    ),
}
