"""Checkpoints and keys as text: whatever was changed in one is refused with a sentence, and nothing else is raised."""

from datetime import UTC, datetime

import pytest

from lifecycle.proof.notes import Checkpoint, NotACheckpoint, NotSigned, PrivateKey, PublicKey, digest, unproven

SECRET = PrivateKey.new("crm.example.com")
MADE = Checkpoint(
    "crm.example.com", 7, 1200, 1311, bytes(range(32)), datetime(2026, 3, 5, 9, 30, tzinfo=UTC), "ab" * 32
)
NOTE = SECRET.signed(MADE)
LINES = NOTE.splitlines()


def test_bruna_reads_in_a_letter_what_was_signed() -> None:
    assert SECRET.public.opened(NOTE) == unproven(NOTE) == MADE
    assert LINES[:7] == [
        "crm.example.com", "1200", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "number 7", "up-to 1311",
        "time 2026-03-05T09:30:00.000000Z", "previous " + "ab" * 32,
    ]  # fmt: skip
    assert len(digest(NOTE)) == 64 and digest(NOTE) != digest(NOTE + " ")


def test_the_first_has_none_before_it() -> None:
    first = Checkpoint(MADE.log, 1, 5, 5, MADE.root, MADE.made_at, "")
    assert "previous -\n" in first.body() and unproven(SECRET.signed(first)) == first


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        (1, "01200", "its numbers cannot be read"),
        (1, "-1", "its numbers cannot be read"),
        (1, "9" * 20, "its numbers cannot be read"),
        (2, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "name, size, root and time"),
        (2, "AAECAwQF BgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "name, size, root and time"),
        (2, "AAEC", "name, size, root and time"),
        (3, "number seven", "its numbers cannot be read"),
        (3, "no number", "its numbers cannot be read"),
        (4, "up-to", "its numbers cannot be read"),
        (5, "time", "name, size, root and time"),
        (5, "another line", "name, size, root and time"),
        (5, "time 2026-03-05", "name, size, root and time"),
        (5, "time 2026-13-45T25:61:00.000000Z", "name, size, root and time"),
    ],
)
def test_a_line_that_says_something_else_is_refused(line: int, instead: str, said: str) -> None:
    spoilt = [*LINES[:line], instead, *LINES[line + 1 :]]
    with pytest.raises(NotACheckpoint, match=said):
        unproven("\n".join(spoilt) + "\n")


@pytest.mark.parametrize(
    ("below", "said"),
    [
        ("", "it has no signature"),
        ("crm.example.com AAAA\n", "below the empty line stand signatures"),
        ("— crm.example.com AAAA\n", "below the empty line stand signatures"),
        ("— crm.example.com AAAA*AAA=\n", "below the empty line stand signatures"),
        ("— crm.example.com\n", "below the empty line stand signatures"),
    ],
)
def test_without_a_whole_signature_it_is_none(below: str, said: str) -> None:
    with pytest.raises(NotACheckpoint, match=said):
        unproven(MADE.body() + "\n" + below)


def test_a_signature_of_another_or_over_another_text_is_told_apart() -> None:
    other = PrivateKey.new("crm.example.com")
    with pytest.raises(NotSigned, match=r"is not signed by the key crm\.example\.com"):
        other.public.opened(NOTE)
    with pytest.raises(NotSigned, match="changed after it was signed"):
        SECRET.public.opened(NOTE.replace("1200", "1201"))
    by_both = NOTE + other.signed(MADE).splitlines()[-1] + "\n"
    assert other.public.opened(by_both) == SECRET.public.opened(by_both) == MADE


@pytest.mark.parametrize("name", ["", "crm example", "crm+example", "x" * 201, "crm.example.com\n"])
def test_a_name_that_a_key_cannot_have(name: str) -> None:
    with pytest.raises(NotACheckpoint, match="no plus sign and no white space"):
        PrivateKey.new(name)


def test_what_is_no_key_is_called_what_it_should_have_been_and_never_repeated() -> None:
    name, number, coded = str(SECRET.public).split("+", 2)
    secret = SECRET.text().split("+", 4)[4]
    for text, said in {
        "": "no public key .* name, number and key",
        f"{name}+{number}": "no public key .* name, number and key",
        f" +{number}+{coded}": "no public key .* name, number and key",
        f"{name}+{number}+{coded[:-4]}": "no public key .* Ed25519",
        f"{name}+{number}+{coded[:8]}*{coded[8:]}": "no public key .* Ed25519",
        f"{name}+00000000+{coded}": "public key is not whole",
        f"other.example.com+{number}+{coded}": "public key is not whole",
    }.items():
        with pytest.raises(NotACheckpoint, match=said):
            PublicKey.read(text)
    for text, said in {
        str(SECRET.public): "would begin with PRIVATE",
        f"PRIVATE+KEY+{name}+{number}": "no private key .* name, number and key",
        f"PRIVATE+KEY+{name}+{number}+{secret[:-4]}": "no private key .* Ed25519",
        f"PRIVATE+KEY+{name}+00000000+{secret}": "private key is not whole",
    }.items():
        with pytest.raises(NotACheckpoint, match=said) as refused:
            PrivateKey.read(text)
        assert secret[:12] not in str(refused.value)
    assert PrivateKey.read(f"\n{SECRET.text()} ").public == SECRET.public
