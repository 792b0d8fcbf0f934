"""Checkpoints made while people write: no fact comes in behind one, and none of them is ever a false alarm."""

import io
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from lifecycle import service
from lifecycle.models import Checkpoint, LeadEvent
from lifecycle.proof.against import Held
from lifecycle.proof.notes import PrivateKey
from lifecycle.service.proving import make_checkpoint
from lifecycle.verify import verify
from tests.factories import LeadFactory, ana

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, SEALS = 4, 6


def test_checkpoints_among_busy_writers_miss_nothing_and_never_change_their_mind() -> None:
    anna, key, over = ana(), PrivateKey.new("crm.example.com"), Event()
    leads = [LeadFactory.create(agent=anna) for _ in range(WRITERS)]
    written = [0] * WRITERS

    def write(n: int) -> None:
        try:
            while not over.is_set():
                service.add_note(lead_id=leads[n].pk, note="Called.", actor=anna, source="page")
                written[n] += 1
        finally:
            connection.close()

    writers = [Thread(target=write, args=[n]) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(SEALS):
            before = sum(written)
            make_checkpoint(key=key, now=timezone.now())
            # Each seals something new, or there would be nothing to see.
            while sum(written) < before + WRITERS:
                over.wait(0.005)
    finally:
        over.set()
        for writer in writers:
            writer.join()
    kept = [Held.read(str(c.number), c.note) for c in Checkpoint.objects.all()]
    *_, verdict = verify(kept, [key.public])
    assert verdict.sentences() == [] and verdict.checkpoints == SEALS
    assert LeadEvent.objects.filter(kind="note_added").count() == sum(written)


@pytest.mark.usefixtures("key")
def test_two_who_make_a_checkpoint_at_once_make_two_or_one_is_told() -> None:
    LeadFactory.create(agent=ana())
    said: list[str] = []

    def seal() -> None:
        try:
            call_command("checkpoint", verbosity=0, stdout=io.StringIO())
            said.append("made")
        except Exception as refused:
            said.append(str(refused))
        finally:
            connection.close()

    both = [Thread(target=seal) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert Checkpoint.objects.count() == said.count("made") >= 1
    assert all(words == "made" or "was made by somebody else in this moment" in words for words in said)
    *_, verdict = verify()
    assert verdict.sentences() == []
