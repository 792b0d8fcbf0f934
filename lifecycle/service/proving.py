"""Signs checkpoints of the log, and keeps what a look at the whole log has found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ..horizon import horizon
from ..models import Checkpoint, Verification
from ..proof import notes
from ..proof.against import Held, Step, grown, unchained
from ..streams import one_moment
from ..verify import Verdict

#: How long a checkpoint waits for those who are writing at that moment, in seconds.
PATIENCE = 30.0
_FIRST_FINDINGS = 20


class NoCheckpoint(Exception):
    """No checkpoint was made. ``findings``: in what the log is not what it was signed as before."""

    def __init__(self, sentence: str, findings: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.findings = list(findings)


def make_checkpoint(*, key: notes.PrivateKey, now: datetime, step: Step = lambda n: None) -> Checkpoint:
    """Signs all facts up to the horizon and keeps the note.

    The whole log is read anew, and where it is no longer what an earlier checkpoint said, nothing is signed: a wrong
    past gets no new signature. Raises ``NoCheckpoint`` then, and when somebody has been writing for too long. ``step``
    hears now and then how many facts more were read.
    """
    upto = horizon(PATIENCE)
    if upto is None:
        raise NoCheckpoint(f"Somebody has been writing for {PATIENCE:.0f} seconds. Try again.")
    with one_moment():
        earlier = stored()
        tree, found = grown(earlier, upto, step)
    if found := unchained(earlier) + found:
        raise NoCheckpoint("The log is not what it was signed as before, so it is not signed again.", found)
    before = earlier[-1] if earlier else None
    made = notes.Checkpoint(
        log=key.public.name,
        number=before.says.number + 1 if before else 1,
        size=tree.size,
        upto=upto,
        root=tree.root(),
        made_at=now,
        previous=notes.digest(before.note) if before else "",
    )
    row = Checkpoint(number=made.number, size=made.size, upto=upto, note=key.signed(made), made_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NoCheckpoint(f"Checkpoint {made.number} was made by somebody else in this moment.") from None
    return row


def stored() -> list[Held]:
    """The notes that are kept here, the oldest first. Raises ``NotACheckpoint`` for one that was made unreadable."""
    rows = Checkpoint.objects.order_by("number").values_list("number", "note")
    return [Held.read(str(number), note) for number, note in rows]


def keep_verdict(*, verdict: Verdict, ran_at: datetime, took: timedelta) -> Verification:
    """Keeps what ``verify`` found, for the page of who answers for the log."""
    found = verdict.sentences()
    return Verification.objects.create(
        ran_at=ran_at,
        took=took,
        exit_code=verdict.exit_code,
        leads=verdict.leads,
        events=verdict.events,
        checkpoints=verdict.checkpoints,
        found=len(found),
        drifted=sum(problem.is_drift for problem in verdict.problems),
        findings=found[:_FIRST_FINDINGS],
    )
