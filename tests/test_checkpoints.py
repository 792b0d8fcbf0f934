"""A checkpoint says what the log was; who kept one elsewhere can tell if anybody changed it, however well."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from leads.models import Lead, User
from lifecycle import chain, guards, service
from lifecycle.events import Words
from lifecycle.models import Checkpoint, EventNote, LeadEvent, Verification
from lifecycle.proof.notes import NotACheckpoint, PrivateKey, PublicKey
from lifecycle.states import State
from lifecycle.verify import Problem, verify
from tests.factories import LeadFactory, ana, ben, bruna
from tests.soundness import rehashed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_leads() -> tuple[Lead, Lead]:
    """Dana's and Vera's stories, told by turns."""
    dana = LeadFactory.create(status=State.COMMITTED, agent=ana(), begun=datetime(2026, 3, 2, tzinfo=UTC))
    vera = LeadFactory.create(status=State.QUALIFIED, agent=ben(), begun=datetime(2026, 3, 3, tzinfo=UTC))
    for lead, agent in ((dana, ana()), (vera, ben()), (dana, ana())):
        service.add_note(lead_id=lead.pk, note="She wants a garden.", actor=agent, source="page")
    return dana, vera


def run(command: str, *arguments: Any, **options: Any) -> tuple[int, str]:
    """Exit code and words of a command."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=out, verbosity=0, **options)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    except CommandError as refused:
        return refused.returncode, f"{out.getvalue()}{refused}"
    return 0, out.getvalue()


def kept(folder: Path, **options: Any) -> Path:
    """A checkpoint that lies where nobody of the office can change it."""
    before = set(folder.glob("*.txt"))
    code, said = run("checkpoint", out=folder, **options)
    assert code == 0, said
    (file,) = set(folder.glob("*.txt")) - before
    return file


def test_a_log_that_nobody_touched_is_what_every_checkpoint_says(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path
) -> None:
    first = kept(tmp_path)
    service.add_note(lead_id=two_leads[0].pk, note="Called.", actor=ana(), source="page")
    second = kept(tmp_path)
    service.add_note(lead_id=two_leads[1].pk, note="Called.", actor=ben(), source="page")
    for files in ([first], [second], [second, first], [tmp_path]):
        code, said = run("verify_log", against=[str(f) for f in files], key=[str(key)])
        assert (code, "checkpoints: 2" in said) == (0, True), said
    opened = [key.opened(file.read_text()) for file in (first, second)]
    assert [c.size for c in opened] == [LeadEvent.objects.count() - 2, LeadEvent.objects.count() - 1]
    assert opened[0].previous == "" and opened[1].previous != ""


# --- forgers ---------------------------------------------------------------------------------------------------


@contextmanager
def forging() -> Iterator[None]:
    """Somebody with the owner's rights who knows the product: guards away, change, and everything made to fit again."""
    guards.remove(connection)
    try:
        yield
        for lead in Lead.objects.all():
            _renumber(lead)
        call_command("rebuild_cache", verbosity=0, stdout=io.StringIO())
    finally:
        guards.install(connection)
    # They would not leave the office's own copies lying about either.
    Checkpoint.objects.all().delete()


def _renumber(lead: Lead) -> None:
    """Versions without a gap and a chain that holds, whatever the facts say now."""
    facts = LeadEvent.objects.filter(lead=lead)
    for place, pk in enumerate(facts.order_by("version", "id").values_list("pk", flat=True)):
        facts.filter(pk=pk).update(version=10_000 + place)
    previous = ""
    for place, event in enumerate(facts.order_by("version"), start=1):
        event.version = place
        previous = event.hash = rehashed(previous, event, lead)
        facts.filter(pk=event.pk).update(version=place, hash=previous)


def _notes(lead: Lead) -> Any:
    return LeadEvent.objects.filter(lead=lead, kind="note_added").order_by("version")


def _set(**columns: Any) -> Callable[[Lead, Lead], None]:
    def forge(dana: Lead, vera: Lead) -> None:
        _notes(dana).filter(pk=_notes(dana).first().pk).update(**columns)

    return forge


def _new_words(dana: Lead, vera: Lead) -> None:
    words = EventNote.objects.get(event=_notes(dana).first())
    said = Words("She wants a pool.", words.document, words.source_words)
    EventNote.objects.filter(pk=words.pk).update(note=said.note)
    LeadEvent.objects.filter(pk=words.event_id).update(note_digest=chain.words_digest(words.salt, said))


def _no_words(dana: Lead, vera: Lead) -> None:
    fact = _notes(dana).first()
    EventNote.objects.filter(event=fact).delete()
    LeadEvent.objects.filter(pk=fact.pk).update(note_digest="")


def _remove(which: Callable[[Any], Any]) -> Callable[[Lead, Lead], None]:
    def forge(dana: Lead, vera: Lead) -> None:
        fact = which(LeadEvent.objects.filter(lead=dana, kind="note_added").order_by("version"))
        EventNote.objects.filter(event=fact).delete()
        LeadEvent.objects.filter(pk=fact.pk).delete()

    return forge


def _remove_lead(dana: Lead, vera: Lead) -> None:
    EventNote.objects.filter(event__lead=vera).delete()
    for fact in LeadEvent.objects.filter(lead=vera).order_by("-id"):
        fact.delete()
    Lead.objects.filter(pk=vera.pk).delete()


def _inserted(of: Any, pk: int, version: int) -> None:
    LeadEvent.objects.bulk_create(
        [
            LeadEvent(
                id=pk, lead=of.lead, version=version, kind="sla_breached", agent=of.agent, source="schedule",
                occurred_at=of.occurred_at, recorded_at=of.recorded_at, hash="0" * 64,
            )
        ]
    )  # fmt: skip


def _replace(dana: Lead, vera: Lead) -> None:
    """What Ana wrote was never there; Scribe did something instead."""
    last = _notes(dana).last()
    EventNote.objects.filter(event=last).delete()
    LeadEvent.objects.filter(pk=last.pk).update(
        kind="sla_breached", source="schedule", actor=None, actor_name="", note_digest=""
    )


def _slip_in_at_a_free_id(dana: Lead, vera: Lead) -> None:
    _inserted(_notes(dana).last(), -1, version=9_000)


def _swap_ids(dana: Lead, vera: Lead) -> None:
    """The order in which two leads' facts came about, turned around."""
    a, b = _notes(dana).first(), _notes(vera).first()
    for words in (EventNote.objects.filter(event=a), EventNote.objects.filter(event=b)):
        words.delete()
    LeadEvent.objects.filter(pk__in=(a.pk, b.pk)).update(note_digest="")
    LeadEvent.objects.filter(pk=a.pk).update(id=-5)
    LeadEvent.objects.filter(pk=b.pk).update(id=a.pk)
    LeadEvent.objects.filter(pk=-5).update(id=b.pk)


def _cut_off(dana: Lead, vera: Lead) -> None:
    last = LeadEvent.objects.order_by("-id").first()
    assert last is not None
    EventNote.objects.filter(event=last).delete()
    LeadEvent.objects.filter(pk=last.pk).delete()


def _other_lead(dana: Lead, vera: Lead) -> None:
    Lead.objects.filter(pk=vera.pk).update(uuid=uuid4())


def _other_person(dana: Lead, vera: Lead) -> None:
    User.objects.filter(pk=ben().pk).update(uuid=uuid4())


def _hand_over(dana: Lead, vera: Lead) -> None:
    """The last note was about Vera, it says now."""
    LeadEvent.objects.filter(pk=_notes(dana).last().pk).update(lead=vera, version=500, agent=ben())


FORGERIES: dict[str, Callable[[Lead, Lead], None]] = {
    "another reason": _set(reason="life_event"),
    "another actor": _set(actor_id=None, actor_name=""),
    "another name of the actor": _set(actor_name="Somebody Else"),
    "another door": _set(source="api"),
    "another time when it was recorded": _set(recorded_at=datetime(2026, 3, 20, tzinfo=UTC)),
    "a fact that claims to be a guess": _set(backfilled=True),
    "other data": _set(data={"channel": "call"}),
    "another name of the fact": _set(uuid=uuid4()),
    "a batch that it was never part of": _set(batch=uuid4()),
    "another version of its form": _set(schema_version=2),
    "other words": _new_words,
    "no words where there were some": _no_words,
    "a fact removed from the middle": _remove(lambda notes: notes.first()),
    "a fact removed from the end of a story": _remove(lambda notes: notes.last()),
    "a whole lead removed": _remove_lead,
    "one fact in another's place": _replace,
    "a fact slipped in with an id that was free": _slip_in_at_a_free_id,
    "the order of two leads' facts": _swap_ids,
    "the newest fact of all cut off": _cut_off,
    "another lead under the story": _other_lead,
    "another person under the name": _other_person,
    "a fact given to another lead": _hand_over,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_that_fits_in_every_way_is_found_by_the_checkpoint_alone(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path, name: str
) -> None:
    file = kept(tmp_path)
    with forging():
        FORGERIES[name](*two_leads)
    code, said = run("verify_log")
    assert code == 0, f"The forger is not as good as this test wants: {said}"
    code, said = run("verify_log", against=[str(file)], key=[str(key)])
    assert code == 1 and f"checkpoint {file.name}: " in said, said


def test_a_changed_log_gets_no_new_checkpoint(two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path) -> None:
    kept(tmp_path)
    copies = list(Checkpoint.objects.all())
    with forging():
        _set(reason="life_event")(*two_leads)
    Checkpoint.objects.bulk_create(copies)
    code, said = run("checkpoint")
    n, upto = LeadEvent.objects.count(), LeadEvent.objects.latest("pk").pk
    wrong = f"checkpoint 1: the {n} facts up to id {upto} are not those it was made of."
    assert code == 1 and wrong in said and "not signed again" in said
    assert Checkpoint.objects.count() == 1
    *_, verdict = verify()
    assert verdict.problems == [Problem("", 0, wrong)], "Without any file, too: the office's own copy says so."


# --- notes and keys --------------------------------------------------------------------------------------------


def test_a_checkpoint_that_was_changed_or_signed_by_another_is_refused(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path
) -> None:
    file = kept(tmp_path)
    note = file.read_text()
    changed = tmp_path / "changed.txt"
    changed.write_text(note.replace("\nnumber 1\n", "\nnumber 2\n"))
    code, said = run("verify_log", against=[str(changed)], key=[str(key)])
    assert code == 1 and "Its signature is wrong" in said
    stranger = PrivateKey.new("crm.example.com")
    forged = tmp_path / "forged.txt"
    forged.write_text(stranger.signed(key.opened(note)))
    code, said = run("verify_log", against=[str(forged)], key=[str(key)])
    assert code == 1 and "It is not signed by the key crm.example.com+" in said
    assert run("verify_log", against=[str(file)], key=[str(key), str(stranger.public)])[0] == 0


def test_a_second_history_with_the_same_numbers_is_found(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path
) -> None:
    mine = kept(tmp_path)
    Checkpoint.objects.all().delete()
    service.add_note(lead_id=two_leads[0].pk, note="Called.", actor=ana(), source="page")
    (tmp_path / "theirs").mkdir()
    theirs = kept(tmp_path / "theirs")
    code, said = run("verify_log", against=[str(mine), str(theirs)], key=[str(key)])
    assert code == 1 and "they have one number and say different things" in said


@pytest.mark.parametrize(
    "by_the_mail",
    [
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.rstrip("\n"),
        lambda note: "\ufeff" + note.replace("\n", "\r\n") + "\r\n",
    ],
    ids=["other line ends", "no last line end", "a mark at the beginning, a line more"],
)
def test_a_letter_that_a_mail_program_saved_in_its_own_way_is_still_that_checkpoint(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path, by_the_mail: Callable[[str], str]
) -> None:
    first, second = kept(tmp_path), kept(tmp_path)
    for file in (first, second):
        file.write_bytes(by_the_mail(file.read_text()).encode())
    code, said = run("verify_log", against=[str(first), str(second)], key=[str(key)])
    assert code == 0 and "checkpoints: 2" in said, said


@pytest.mark.parametrize(
    "text", ["", "nothing", "a\n1\nAAAA\n\n— a AAAA\n", "x" * 20_000, "\udcff", "crm.example.com\n12\n"]
)
def test_a_file_that_is_no_checkpoint_leaves_the_answer_open(key: PublicKey, tmp_path: Path, text: str) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(text.encode(errors="surrogateescape"))
    code, said = run("verify_log", against=[str(file)])
    assert code == 2 and said.startswith("Cannot tell: ")


def test_a_key_that_others_can_read_signs_nothing(key: PublicKey, settings: Any) -> None:
    Path(settings.CHECKPOINT_KEY_FILE).chmod(0o644)
    code, said = run("checkpoint")
    assert code == 2 and "Others can read the key" in said
    assert not Checkpoint.objects.exists()


def test_without_a_key_there_is_a_sentence_that_says_how_to_begin(settings: Any) -> None:
    settings.CHECKPOINT_KEY_FILE = ""
    code, said = run("checkpoint")
    assert code == 2 and "--new-key" in said


def test_a_key_is_never_overwritten(key: PublicKey, settings: Any) -> None:
    before = Path(settings.CHECKPOINT_KEY_FILE).read_text()
    code, said = run("checkpoint", new_key=Path(settings.CHECKPOINT_KEY_FILE), name="other.example.com")
    assert code == 2 and "never overwritten" in said
    assert Path(settings.CHECKPOINT_KEY_FILE).read_text() == before


def test_keys_and_notes_survive_being_written_and_read() -> None:
    secret = PrivateKey.new("crm.example.com")
    assert PrivateKey.read(secret.text()).public == PublicKey.read(str(secret.public)) == secret.public
    for broken in (str(secret.public)[:-4], str(secret.public).replace("crm", "crn"), "a+b", "", secret.text()):
        with pytest.raises(NotACheckpoint):
            PublicKey.read(broken)


def test_a_file_is_not_overwritten_by_another_checkpoint(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path
) -> None:
    file = tmp_path / "mine.txt"
    assert run("checkpoint", out=file)[0] == 0
    first = file.read_text()
    code, said = run("checkpoint", out=file)
    assert code == 2 and "checkpoint --again --out" in said
    assert file.read_text() == first and Checkpoint.objects.count() == 2
    other = tmp_path / "other.txt"
    assert run("checkpoint", again=True, out=other)[0] == 0
    assert "\nnumber 2\n" in other.read_text() and Checkpoint.objects.count() == 2


# --- letters, and what is kept of a look ----------------------------------------------------------------------


def test_every_broker_gets_the_checkpoint_by_a_letter_that_names_nobody(
    two_leads: tuple[Lead, Lead], key: PublicKey
) -> None:
    broker = bruna()
    User.objects.filter(pk=broker.pk).update(email="bruna@example.com", language="es")
    code, said = run("checkpoint", mail=True, mail_to=["lawyer@example.com"])
    assert code == 0 and "letters sent: 2" in said
    assert sorted(letter.to[0] for letter in mail.outbox) == ["bruna@example.com", "lawyer@example.com"]
    for letter in mail.outbox:
        ((name, content, kind),) = letter.attachments
        assert (name, kind) == ("checkpoint-000001.txt", "text/plain")
        assert key.opened(str(content)).size == LeadEvent.objects.count()
        assert not any(lead.name in str(letter.body) for lead in two_leads)


def test_a_look_at_the_log_is_kept_with_what_it_found(two_leads: tuple[Lead, Lead]) -> None:
    run("verify_log")
    guards.remove(connection)
    Lead.objects.filter(pk=two_leads[0].pk).update(attempts=77)
    guards.install(connection)
    run("verify_log")
    wrong, right = Verification.objects.all()
    assert (right.exit_code, right.found, right.events) == (0, 0, LeadEvent.objects.count())
    assert (wrong.exit_code, wrong.found, wrong.drifted) == (1, 1, 1)
    assert wrong.findings[0].endswith("the cached column attempts is not what the log says")


def test_a_checkpoint_waits_for_nobody_who_began_later_and_misses_nobody_who_began_before(
    two_leads: tuple[Lead, Lead], key: PublicKey, tmp_path: Path
) -> None:
    says = key.opened(kept(tmp_path).read_text())
    newest = LeadEvent.objects.order_by("-id").first()
    assert newest is not None and says.upto >= newest.pk
    assert says.made_at - timedelta(seconds=60) < newest.recorded_at.astimezone(UTC) <= says.made_at
