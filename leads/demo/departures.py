"""How leads leave the working columns and come back, change hands, close channels; and the two corrections. Pure."""

from .office import BROKER, BY_LOGIN
from .storyline import SCRIBE, Step, Storyline
from .ways import contact
from .words import deals, leaving, searching


def archive(s: Storyline, reason: str, *, after: float | None = None) -> Step:
    """Set aside by hand; who asked for no contact gets it on every channel as well."""
    note = s.say(leaving.ARCHIVES[reason])
    after = s.rng.uniform(0.5, 6) if after is None else after
    step = s.do("move", source="board", after=after, to="ARCHIVED", kind="archived_manually", reason=reason, note=note)
    if reason == "requested_no_contact":
        s.closed.add("dnc")
        s.do(
            "flag",
            minutes=0.5,
            flag="dnc",
            reason="lead_request_phone",
            note=s.say(leaving.OPT_OUTS["dnc", "lead_request_phone"]),
        )
    return step


def re_engage(s: Storyline, reason: str, after: float) -> Step:
    """A dormant lead stirs: Scribe sees it on the site, or a person hears from them."""
    seen = reason == "site_activity"
    if reason == "replied":
        contact(s, after, s.say(deals.SPARKS[reason]))
        return s.do("move", source="board", minutes=s.rng.uniform(5, 90), to="CONTACTING", reason=reason, note="")
    note = "" if seen else s.say(deals.SPARKS[reason])
    step = s.do(
        "move", actor=SCRIBE if seen else None, source="api" if seen else "board", after=after,
        to="CONTACTING", reason=reason, note=note,
    )  # fmt: skip
    if seen:
        s.do("note", after=0.3, note=s.say(deals.SPARKS[reason]))
    return step


def hand_off(s: Storyline, to: str, reason: str, *, after: float = 0.6, by: str = "") -> Step:
    """The lead changes hands; ``to`` may be the pool."""
    first = BY_LOGIN[to].first if to else "the pool"
    bank = (leaving.LANGUAGES[to],) if reason == "language_match" else leaving.HAND_OFFS[reason]
    step = s.do(
        "assign", actor=by or BROKER, source=s.rng.choice(("page", "board")), after=after,
        to=to, reason=reason, note=s.say(bank, to=first),
    )  # fmt: skip
    s.agent = to or s.agent
    return step


def opt_out(s: Storyline, flag: str, reason: str, *, after: float = 0.8) -> Step:
    """A channel closes: by the lead's word to the agent, or by a link, a STOP, a bounce that Scribe sees."""
    s.closed.add(flag)
    by_machine = reason in ("unsubscribe_link", "sms_stop", "hard_bounce", "spam_complaint")
    return s.do(
        "flag", actor=SCRIBE if by_machine else None, source="api" if by_machine else "page", after=after,
        flag=flag, reason=reason, note=s.say(leaving.OPT_OUTS[flag, reason]),
    )  # fmt: skip


def opt_in(s: Storyline, flag: str, reason: str, *, after: float = 20) -> Step:
    """The channel opens again, in the lead's own words."""
    s.closed.discard(flag)
    return s.do("clear", after=after, flag=flag, reason=reason, note=s.say(leaving.OPT_INS[flag, reason]))


def mis_drag(
    s: Storyline, to: str, *, reason: str = "mis_drag", after: float = 1.0, kind: str = "", reason_given: str = ""
) -> Step:
    """A card dropped where it did not belong, and taken back by its author within minutes."""
    moved = s.do("move", source="board", after=after, to=to, kind=kind, reason=reason_given)
    bank = searching.TOO_EARLY if reason == "too_early" else searching.MIS_DRAGS
    return s.do(
        "void", source="board", minutes=s.rng.uniform(0.3, 9), target=s.name_of(moved), reason=reason, note=s.say(bank)
    )


def late_undo(s: Storyline, to: str, *, after: float, kind: str = "", reason_given: str = "") -> Step:
    """A slip that nobody noticed for a day or two, taken back by the broker."""
    moved = s.do("move", source="board", after=after, to=to, kind=kind, reason=reason_given)
    return s.do(
        "void", actor=BROKER, after=s.rng.uniform(1.1, 2.6), target=s.name_of(moved), reason="mis_drag",
        note=s.say(searching.LATE_UNDOS),
    )  # fmt: skip


def correct(s: Storyline, step: Step, reason: str, *, after: float = 3.0, by: str = "") -> Step:
    """A reason that turned out to be another one; both stay readable."""
    return s.do(
        "correct",
        actor=by or BROKER,
        after=after,
        target=s.name_of(step),
        reason=reason,
        note=s.say(leaving.CORRECTIONS),
    )
