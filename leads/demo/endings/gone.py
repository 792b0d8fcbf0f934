"""Stories that ended in ARCHIVED or TRASHED. Pure."""

from collections.abc import Callable

from .. import arrivals, departures, shopping, spice
from ..storyline import SCRIBE, Storyline
from ..ways import contact
from ..words import arriving, deals, leaving, searching
from .early import Teller
from .so_far import dormant_and_back, shop, somewhen

_FROM_CONTACTING = (
    "not_interested", "timeline_over_12_months", "renting_instead", "working_with_other_agent", "out_of_service_area",
    "not_financeable_now", "unresponsive", "requested_no_contact", "unresponsive", "bought_elsewhere", "referred_out",
    "not_interested", "timeline_over_12_months", "unresponsive", "other",
)  # fmt: skip
_FROM_QUALIFIED = (
    "renting_instead", "bought_elsewhere", "timeline_over_12_months", "unresponsive", "not_financeable_now",
    "bought_elsewhere", "working_with_other_agent", "referred_out", "deceased", "timeline_over_12_months",
    "requested_no_contact", "other",
)  # fmt: skip


def archived_no_response(s: Storyline) -> float:
    """Six tries and three weeks; Scribe sets it aside."""
    first = arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, s.rng.choice((5, 5, 6)), s.rng.uniform(11, 15))
    waited = sum(step.gap for step in s.steps[s.steps.index(first) + 1 :])
    minutes = 21 * 24 * 60 + s.rng.uniform(0.1, 0.9)
    s.do(
        "timeout",
        actor=SCRIBE,
        source="schedule",
        after=21.2 - waited,
        since=(first, minutes),
        kind="timed_out_no_response",
    )
    if s.rng.random() < 0.12:
        s.do("note", after=s.rng.uniform(6, 30), note=s.say(deals.AFTER_ARCHIVE))
    elif s.rng.random() < 0.1:
        spice.last_word(s)
    return somewhen(s, 0.5)


def archived_no_progress(s: Storyline) -> float:
    """Half a year without a step forward; Scribe sets it aside."""
    arrivals.to_qualified(s)
    shopping.search(s, 3, 9)
    last = contact(s, 3.0, s.say(searching.PUT_OFF))
    count = s.rng.randint(3, 5)
    shopping.quiet(s, count, 120)
    waited = sum(step.gap for step in s.steps[s.steps.index(last) + 1 :])
    minutes = 180 * 24 * 60 + s.rng.uniform(0.1, 0.9)
    s.do(
        "timeout",
        actor=SCRIBE,
        source="schedule",
        after=180.2 - waited,
        since=(last, minutes),
        kind="timed_out_no_progress",
    )
    return somewhen(s, 0.5)


def archived_new(s: Storyline) -> float:
    """Set aside before anybody called: the form said it all."""
    created = arrivals.arrive(s, inquiry="website", by_day=True)
    arrivals.take(s, created)
    reason = s.decks.pick(
        "archive new", ("out_of_service_area", "working_with_other_agent", "requested_no_contact", "referred_out")
    )
    departures.archive(s, reason)
    s.steps[-1 if reason != "requested_no_contact" else -2].minutes = s.rng.uniform(1.5, 3.5)
    return somewhen(s)


def archived_contacting(s: Storyline) -> float:
    arrivals.first_contact(s, arrivals.arrive(s))
    reason = s.decks.pick("archive contacting", _FROM_CONTACTING)
    silent = reason == "unresponsive"
    arrivals.attempts(s, s.rng.choice((3, 4)) if silent else s.rng.choice((0, 1, 2)), s.rng.uniform(2, 16))
    if not silent:
        arrivals.answered(s, 1.0)
    step = departures.archive(s, reason)
    _afterwards(s, step.fields["reason"])
    return somewhen(s)


def archived_qualified(s: Storyline) -> float:
    arrivals.to_qualified(s)
    shop(s, 6, 35)
    reason = s.decks.pick("archive qualified", _FROM_QUALIFIED)
    if reason == "unresponsive":
        shopping.quiet(s, 2, 14)
    step = departures.archive(s, reason)
    if s.rng.random() < 0.5 and reason == "unresponsive":
        departures.correct(s, step, "bought_elsewhere", after=9)
    _afterwards(s, reason)
    return somewhen(s)


def archived_after(setback: Callable[[Storyline], None]) -> Teller:
    """A deal fell apart and the search ended some weeks later."""

    def tell(s: Storyline) -> float:
        arrivals.to_qualified(s)
        shop(s)
        setback(s)
        departures.archive(
            s,
            s.decks.pick(
                "archive after", ("renting_instead", "timeline_over_12_months", "bought_elsewhere", "unresponsive")
            ),
            after=12,
        )
        _afterwards(s, "")
        return somewhen(s)

    return tell


def archived_twice(s: Storyline) -> float:
    dormant_and_back(s)
    shopping.search(s, 3, 14)
    departures.archive(s, s.decks.pick("archive twice", ("bought_elsewhere", "renting_instead", "unresponsive")))
    return somewhen(s)


def _afterwards(s: Storyline, reason: str) -> None:
    if reason in ("requested_no_contact", "deceased"):
        return
    chance = s.rng.random()
    if chance < 0.13:
        s.do("note", after=s.rng.uniform(5, 25), note=s.say(deals.AFTER_ARCHIVE))
    elif chance < 0.3:
        spice.last_word(s)


def trashed_by_scribe(s: Storyline) -> float:
    """Nothing a person had to look at: a bot, a bounce."""
    created = arrivals.arrive(s, inquiry="website")
    created.fields["agent"] = ""
    reason = s.decks.pick("trash scribe", ("spam_or_bot", "email_bounced", "spam_or_bot"))
    if reason == "spam_or_bot":
        created.fields["note"] = s.say(arriving.ODD_FORMS[reason])
    s.do("move", actor=SCRIBE, source="form", minutes=s.rng.uniform(0.1, 3.5), to="TRASHED", reason=reason, note="")
    return somewhen(s)


def trashed_new(s: Storyline) -> float:
    """Looked at, nobody to call."""
    created = arrivals.arrive(s, inquiry=s.rng.choice(("website", "portal")), by_day=True)
    arrivals.take(s, created)
    reason = s.decks.pick("trash new", ("fake_identity", "vendor_or_solicitor", "test_record", "spam_or_bot", "other"))
    created.fields["note"] = s.say(arriving.ODD_FORMS[reason])
    s.do(
        "move",
        source="board",
        minutes=s.rng.uniform(1.2, 3.4),
        to="TRASHED",
        reason=reason,
        note=s.say(leaving.TRASHES[reason]),
    )
    return somewhen(s)


def trashed_contacting(s: Storyline) -> float:
    """Called, and found out."""
    created = arrivals.arrive(s, inquiry=s.rng.choice(("website", "portal", "social")))
    first = arrivals.first_contact(s, created)
    reason = s.decks.pick(
        "trash contacting", ("invalid_phone", "email_bounced", "both_channels_dead", "wrong_person", "invalid_phone")
    )
    outcome = {"email_bounced": ("email", "bounced"), "wrong_person": ("call", "wrong_number")}.get(
        reason, ("call", "no_answer")
    )
    first.fields |= {"channel": outcome[0], "outcome": outcome[1], "note": ""}
    s.do(
        "move",
        source="board",
        after=s.rng.uniform(0.1, 3),
        to="TRASHED",
        reason=reason,
        note=s.say(leaving.TRASHES[reason]),
    )
    return somewhen(s)
