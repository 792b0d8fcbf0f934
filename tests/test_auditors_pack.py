"""A lawyer checks the facts of one lead with Python alone, and finds whatever was changed in the pack."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from leads.models import Lead
from lifecycle import service
from lifecycle.models import Checkpoint, LeadEvent
from lifecycle.proof import pack_verifier
from lifecycle.proof.notes import PrivateKey, PublicKey
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.soundness import nothing_written

pytestmark = pytest.mark.django_db(transaction=True)

Files = dict[str, str]


@pytest.fixture
def dana(key: PublicKey) -> Lead:
    """Three checkpoints over Dana's story and a colleague's; one note came after them."""
    dana = LeadFactory.create(name="Dana Ortíz", status=State.COMMITTED, agent=ana())
    seal()
    advance(dana, State.QUALIFIED, actor=ana())
    LeadFactory.create(name="Vera Vance", status=State.QUALIFIED, agent=ben())
    seal()
    service.add_note(lead_id=dana.pk, note="She wants a garden – “not a yard”.", actor=ana(), source="page")
    seal()
    service.add_note(lead_id=dana.pk, note="Called.", actor=ana(), source="page")
    return dana


def seal() -> None:
    call_command("checkpoint", verbosity=0, stdout=io.StringIO())


def pack_of(lead: Lead, folder: Path) -> Path:
    file = folder / "pack.zip"
    call_command("audit_pack", lead.key, out=file, stdout=io.StringIO())
    return file


def check(pack: Path, *arguments: str) -> tuple[int, str]:
    """What the verifier says, run as an auditor runs it: no Django, no site-packages, nothing of ours on the path."""
    command = [sys.executable, "-I", "-S", str(pack_verifier.__file__), str(pack), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


def changed(pack: Path, folder: Path, change: Callable[[Files], object]) -> Path:
    with zipfile.ZipFile(pack) as whole:
        files = {name: whole.read(name).decode() for name in whole.namelist()}
    change(files)
    other = folder / "changed.zip"
    with zipfile.ZipFile(other, "w") as into:
        for name, text in files.items():
            into.writestr(name, text)
    return other


def test_a_lawyer_with_the_key_and_an_old_letter_finds_everything_proven(
    dana: Lead, key: PublicKey, tmp_path: Path
) -> None:
    pack = pack_of(dana, tmp_path)
    known = tmp_path / "key.txt"
    known.write_text(f"{key}\n")
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"\xef\xbb\xbf" + Checkpoint.objects.get(number=1).note.replace("\n", "\r\n").encode() + b"\r\n")
    code, said = check(pack, "--key", str(known), "--checkpoint", str(letter))
    assert code == 0, said
    facts = LeadEvent.objects.filter(lead=dana).count()
    assert f"{facts} facts of one lead" in said and f"{facts - 1} facts are covered by checkpoint 3" in said
    assert "Proven: every fact is as it was recorded." in said and "pack's own" not in said


def test_without_a_key_the_verifier_says_that_it_believed_the_pack(dana: Lead, key: PublicKey, tmp_path: Path) -> None:
    code, said = check(pack_of(dana, tmp_path))
    assert code == 0 and f"Compare it with what somebody else told you: {key}" in said


def test_the_pack_carries_its_own_verifier_under_200_lines_of_python_alone(dana: Lead, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack_of(dana, tmp_path)) as pack:
        text = pack.read("verify.py").decode()
        names = pack.namelist()
    assert text == Path(pack_verifier.__file__).read_text() and len(text.splitlines()) < 200
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
    assert {"README.txt", "page.html", "facts.jsonl", "public-key.txt"} <= set(names)


def facts_of(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["facts.jsonl"].splitlines()]


def with_fact(n: int, change: Callable[[dict[str, Any]], object]) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        facts = facts_of(files)
        change(facts[n])
        files["facts.jsonl"] = "".join(json.dumps(f) + "\n" for f in facts)

    return edit


def _rehash(fact: dict[str, Any]) -> None:
    from hashlib import sha256

    fact["form"]["reason"] = "life_event"
    fact["hash"] = sha256(pack_verifier.canonical(fact["form"])).hexdigest()


def _without(n: int) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        lines = files["facts.jsonl"].splitlines(keepends=True)
        files["facts.jsonl"] = "".join(lines[:n] + lines[n + 1 :])

    return edit


def _note(number: int, old: str, new: str) -> Callable[[Files], None]:
    def edit(files: Files) -> None:
        name = f"checkpoints/checkpoint-{number:06}.txt"
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return edit


def _another_signer(files: Files) -> None:
    name = "checkpoints/checkpoint-000003.txt"
    signer = PrivateKey.new("crm.example.com")
    files[name] = signer.signed(PublicKey.read(files["public-key.txt"]).opened(files[name]))


CHANGES: dict[str, tuple[Callable[[Files], object], str]] = {
    "another reason": (with_fact(3, lambda f: f["form"].update(reason="outbid")), "is not what its hash was made of"),
    "another reason with a hash that fits": (with_fact(3, _rehash), "does not follow the one before it"),
    "other words": (with_fact(7, lambda f: f["words"].update(note="No garden.")), "not those that were written"),
    "a fact left out": (_without(4), "does not follow the one before it"),
    "the first fact left out": (_without(0), "fact 1 does not follow"),
    "another place in the tree": (with_fact(2, lambda f: f.update(leaf=f["leaf"] + 1)), "fact 3 is not in the log"),
    "a shorter path": (with_fact(2, lambda f: f["path"].pop()), "fact 3 is not in the log"),
    "another root": (_note(3, "\nnumber 3\n", "\nnumber 4\n"), "is not signed by the key"),
    "an older checkpoint changed": (_note(2, "\nnumber 2\n", "\nnumber 2\nmore 1\n"), "checkpoint 3 does not follow"),
    "an older checkpoint left out": (
        lambda files: files.pop("checkpoints/checkpoint-000002.txt"),
        "checkpoint 3 does not follow",
    ),
    "signed by somebody else": (_another_signer, "is not signed by the key"),
    "another way from an older log": (
        lambda files: files.update({"growth.json": json.dumps({**json.loads(files["growth.json"]), "2": ["00" * 32]})}),
        "the log of checkpoint 2 is not the beginning",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_was_changed_in_a_pack_is_found(dana: Lead, tmp_path: Path, name: str) -> None:
    change, finding = CHANGES[name]
    code, said = check(changed(pack_of(dana, tmp_path), tmp_path, change))
    assert code == 1 and finding in said, said


def test_a_letter_about_another_log_is_not_taken_for_this_one(dana: Lead, key: PublicKey, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(Checkpoint.objects.get(number=2).note.replace("number 2", "number 9"))
    code, said = check(pack_of(dana, tmp_path), "--checkpoint", str(letter))
    assert code == 1 and "is not one of this log's" in said


@pytest.mark.parametrize("spoil", [lambda f: f.pop("facts.jsonl"), lambda f: f.update({"facts.jsonl": "{}"})])
def test_what_is_no_pack_is_said_to_be_none(dana: Lead, tmp_path: Path, spoil: Callable[[Files], object]) -> None:
    code, said = check(changed(pack_of(dana, tmp_path), tmp_path, spoil))
    assert code == 2 and said.startswith("This is no pack that can be read")


def test_the_same_log_gives_the_same_pack_byte_for_byte(dana: Lead, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        pack_of(dana, folder)
    assert (first / "pack.zip").read_bytes() == (second / "pack.zip").read_bytes()


def test_a_pack_of_a_log_that_was_changed_is_not_made(dana: Lead, tmp_path: Path) -> None:
    from django.db import connection

    from lifecycle import guards

    guards.remove(connection)
    LeadEvent.objects.filter(lead=dana, version=2).update(hash="0" * 64)
    guards.install(connection)
    with pytest.raises(Exception, match="The log is not what its newest checkpoint says"):
        pack_of(dana, tmp_path)


def test_bruna_downloads_the_pack_and_nothing_is_written(dana: Lead, client: Client) -> None:
    client.force_login(bruna())
    assert f"{LeadEvent.objects.filter(lead=dana).count()} facts" in client.get(f"/leads/{dana.pk}/proof/").text
    with nothing_written():
        answer = client.post(f"/leads/{dana.pk}/proof/")
    assert answer["Content-Disposition"] == f'attachment; filename="L-{dana.pk}-checkpoint-3.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        page = pack.read("page.html").decode()
        assert "She wants a garden" in page and "<script" not in page and "http" not in page.replace("https", "http")


def test_ana_gets_no_pack_of_her_own_lead(dana: Lead, client: Client) -> None:
    client.force_login(ana())
    assert client.get(f"/leads/{dana.pk}/proof/").status_code == 403
    assert client.post(f"/leads/{dana.pk}/proof/").status_code == 403
    assert client.get("/integrity/").status_code == 403
    assert client.get("/integrity/checkpoints/1/").status_code == 403


def test_before_the_first_checkpoint_there_is_a_page_that_says_so(key: PublicKey, client: Client) -> None:
    lead = LeadFactory.create(agent=ana())
    client.force_login(bruna())
    assert "There is no checkpoint yet" in client.get(f"/leads/{lead.pk}/proof/").text
    assert client.post(f"/leads/{lead.pk}/proof/").status_code == 409
    assert client.get("/integrity/checkpoints/1/").status_code == 404
