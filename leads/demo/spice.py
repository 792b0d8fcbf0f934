"""What happens beside the way: hand-offs, opt-outs and opt-ins, slips of the thumb, corrected reasons, new numbers."""

from . import departures
from .office import AGENTS
from .storyline import Step, Storyline

#: Reasons for hand-offs between agents as often as an office has them; dealt like cards, so that each occurs.
_HAND_OFFS = (
    "schedule_conflict", "schedule_conflict", "pto_or_leave", "pto_or_leave", "pto_or_leave", "workload_balance",
    "workload_balance", "specialty_match", "language_match", "language_match", "territory", "client_request",
    "client_request", "conflict_of_interest", "correction", "schedule_conflict", "workload_balance", "other",
)  # fmt: skip
#: Channels that close for good at the end of a story, so that nobody texts after a STOP.
_LAST_WORDS = (
    ("do_not_text", "sms_stop"), ("do_not_call", "lead_request_text"), ("do_not_email", "hard_bounce"),
    ("unsubscribed", "spam_complaint"), ("do_not_text", "lead_request_phone"), ("do_not_call", "lead_request_email"),
    ("unsubscribed", "unsubscribe_link"), ("do_not_email", "lead_request_phone"), ("dnc", "lead_request_email"),
    ("do_not_text", "sms_stop"), ("unsubscribed", "unsubscribe_link"),
)  # fmt: skip


def beside(s: Storyline, *, status: str = "QUALIFIED") -> None:
    """Perhaps one of the small things that happen to a lead while it is worked."""
    chance = s.rng.random()
    if chance < 0.13:
        change_hands(s)
    elif chance < 0.22:
        mailing_list(s)
    elif chance < 0.27 and status == "QUALIFIED":
        slip(s)
    elif chance < 0.29 and status == "COMMITTED":
        departures.mis_drag(s, "IN_CONTRACT", reason="too_early", after=0.7)
    elif chance < 0.31:
        new_number(s)
    elif chance < 0.35:
        s.do("note", after=1.2, note="", document=f"Disclosure packet {s.rng.randint(100, 999)}.pdf")


def change_hands(s: Storyline) -> Step:
    """The lead goes to a colleague, for one of the reasons that an office has."""
    reason = s.decks.pick("hand-off", _HAND_OFFS)
    others = [a for a in AGENTS if a != s.agent]
    if reason == "language_match":
        others = [a for a in ("ana", "chloe", "mei") if a != s.agent]
    elif reason == "pto_or_leave":
        others = [a for a in others if a != "ryan"]
    to = s.rng.choice(others)
    by = s.agent if reason in ("schedule_conflict", "conflict_of_interest") else ""
    return departures.hand_off(s, to, reason, after=s.rng.uniform(0.3, 2), by=by)


def mailing_list(s: Storyline) -> None:
    """Off the newsletter; half of them come back, a few leave again."""
    if "unsubscribed" in s.closed:
        return
    reason = s.rng.choice(("unsubscribe_link", "unsubscribe_link", "lead_request_email"))
    departures.opt_out(s, "unsubscribed", reason, after=s.rng.uniform(0.4, 3))
    if s.rng.random() < 0.5:
        departures.opt_in(s, "unsubscribed", "lead_reconsented", after=s.rng.uniform(2, 12))
        if s.rng.random() < 0.25:
            departures.opt_out(s, "unsubscribed", "unsubscribe_link", after=s.rng.uniform(2, 9))


def slip(s: Storyline) -> None:
    """A card dropped on the wrong column, taken back at once, or by the broker when somebody wonders."""
    if s.rng.random() < 0.3:
        departures.late_undo(s, "ARCHIVED", kind="archived_manually", reason_given="unresponsive", after=0.9)
        return
    if s.rng.random() < 0.5:
        departures.mis_drag(s, "ARCHIVED", kind="archived_manually", reason_given="unresponsive", after=0.9)
    else:
        departures.mis_drag(s, "COMMITTED", reason=s.rng.choice(("mis_drag", "too_early")), after=0.9)


def new_number(s: Storyline) -> None:
    """The contact data changes; the log learns which fields, the new values live on the lead."""
    s.do("details", after=s.rng.uniform(0.5, 4), contact={"phone": s.directory.phone()})


def last_word(s: Storyline) -> None:
    """A channel closes at the end of the story."""
    flag, reason = s.decks.pick("last word", _LAST_WORDS)
    if flag in s.closed:
        return
    departures.opt_out(s, flag, reason, after=s.rng.uniform(0.2, 4))
    if flag == "do_not_text" and reason == "sms_stop" and s.rng.random() < 0.4:
        departures.opt_in(s, flag, "set_in_error", after=0.6)
