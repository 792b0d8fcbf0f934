"""Checkpoints as text: what the log was at a moment, signed, short enough for a letter. Pure.

A checkpoint is a signed note (c2sp.org/signed-note) in the form of c2sp.org/tlog-checkpoint: the log's name, how many
facts, the Merkle root over them in Base64; then lines of ours; an empty line; a signature by Ed25519. Keys are written
as the tools of that format write them, so that others than Hindsight can read both.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..chain import stamp

_ED25519 = b"\x01"
_DASH = "— "
#: A name of a key or log has no plus and no white space.
_NAME = re.compile(r"[^\s+]{1,200}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")


class NotACheckpoint(Exception):
    """The text is no checkpoint, or not a key. Says in a sentence what is wrong with it."""


class NotSigned(NotACheckpoint):
    """The checkpoint was not signed by this key, or was changed afterwards."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``size`` facts, all those with an id up to ``upto``, have this root. ``previous`` is ``digest`` of the note
    before this one, ``""`` for the first."""

    log: str
    number: int
    size: int
    upto: int
    root: bytes
    made_at: datetime
    previous: str

    def body(self) -> str:
        """The text that is signed."""
        ours = f"number {self.number}\nup-to {self.upto}\ntime {stamp(self.made_at)}\nprevious {self.previous or '-'}\n"
        return f"{self.log}\n{self.size}\n{_base64(self.root)}\n{ours}"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whose signature: ``name`` is the log's name as well."""

    name: str
    raw: bytes

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """In: ``name+12ab34cd+AbCd…``. Raises ``NotACheckpoint``."""
        name, number, coded = _three(text.strip(), "public key")
        key = cls(name, _key_bytes(coded, "public key"))
        if key.number.hex() != number:
            raise NotACheckpoint("This public key is not whole: its name, number and bytes do not fit each other.")
        return key

    @property
    def number(self) -> bytes:
        """Four bytes that stand for the key in a signature."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.number.hex()}+{_base64(_ED25519 + self.raw)}"

    def opened(self, note: str) -> Checkpoint:
        """The checkpoint of a note that this key has signed. Raises ``NotSigned`` or ``NotACheckpoint``."""
        body, signatures = _parts(note)
        for name, signature in signatures:
            if name == self.name and signature[:4] == self.number:
                try:
                    Ed25519PublicKey.from_public_bytes(self.raw).verify(signature[4:], body.encode())
                except InvalidSignature:
                    raise NotSigned("Its signature is wrong: it was changed after it was signed.") from None
                return _read(body)
        raise NotSigned(f"It is not signed by the key {self.name}+{self.number.hex()}.")


class PrivateKey:
    """Signs. Written as ``PRIVATE+KEY+name+12ab34cd+AbCd…``, one line, for nobody else's eyes."""

    def __init__(self, name: str, secret: Ed25519PrivateKey) -> None:
        if not _NAME.match(name):
            raise NotACheckpoint("The name of a log has no plus sign and no white space, for example crm.example.com.")
        self._secret = secret
        raw = secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public = PublicKey(name, raw)

    @classmethod
    def new(cls, name: str) -> "PrivateKey":
        """A fresh key for the log of this name."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, text: str) -> "PrivateKey":
        """Raises ``NotACheckpoint``; its sentence never repeats the key."""
        begins, text = text.strip()[:12], text.strip()[12:]
        if begins != "PRIVATE+KEY+":
            raise NotACheckpoint("This is no private key for checkpoints: it would begin with PRIVATE+KEY+.")
        name, number, coded = _three(text, "private key")
        key = cls(name, Ed25519PrivateKey.from_private_bytes(_key_bytes(coded, "private key")))
        if key.public.number.hex() != number:
            raise NotACheckpoint("This private key is not whole: its name, number and bytes do not fit each other.")
        return key

    def text(self) -> str:
        """What ``read`` takes."""
        public, raw = self.public, self._secret.private_bytes_raw()
        return f"PRIVATE+KEY+{public.name}+{public.number.hex()}+{_base64(_ED25519 + raw)}"

    def signed(self, checkpoint: Checkpoint) -> str:
        """The note: the checkpoint with its signature."""
        body = checkpoint.body()
        signature = self.public.number + self._secret.sign(body.encode())
        return f"{body}\n{_DASH}{self.public.name} {_base64(signature)}\n"


def unproven(note: str) -> Checkpoint:
    """What a note says, whoever signed it. Raises ``NotACheckpoint``."""
    return _read(_parts(note)[0])


def digest(note: str) -> str:
    """What the next checkpoint names this one by: SHA-256 over the whole note, in hex."""
    return sha256(note.encode()).hexdigest()


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    body, between, signatures = note.replace("\r\n", "\n").partition("\n\n")
    found = []
    for line in signatures.splitlines():
        name, _, coded = line.removeprefix(_DASH).partition(" ")
        signature = _decoded(coded)
        if not line.startswith(_DASH) or signature is None or len(signature) <= 4:
            raise NotACheckpoint("This is no checkpoint: below the empty line stand signatures, and nothing else.")
        found.append((name, signature))
    if not between or not found:
        raise NotACheckpoint("This is no checkpoint: it has no signature.")
    return body + "\n", found


def _read(body: str) -> Checkpoint:
    lines = body.splitlines()
    root = _decoded(lines[2]) if len(lines) >= 3 else None
    said: Mapping[str, str] = dict(line.partition(" ")[::2] for line in lines[3:])
    previous = said.get("previous", "").removeprefix("-")
    numbers = [lines[1] if root else "", said.get("number", ""), said.get("up-to", "")]
    made_at = _moment(said.get("time", ""))
    if root is None or len(root) != 32 or made_at is None:
        raise NotACheckpoint("This is no checkpoint of Hindsight: name, size, root and time are wanted, line by line.")
    if not all(re.fullmatch(r"0|[1-9]\d{0,18}", number) for number in numbers):
        raise NotACheckpoint("This is no checkpoint of Hindsight: its numbers cannot be read.")
    size, number, upto = map(int, numbers)
    return Checkpoint(lines[0], number, size, upto, root, made_at, previous)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _MOMENT.match(text) else None
    except ValueError:
        return None


def _three(text: str, what: str) -> tuple[str, str, str]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not _NAME.match(parts[0]):
        raise NotACheckpoint(f"This is no {what} for checkpoints: name, number and key are wanted, a plus between.")
    return parts[0], parts[1], parts[2]


def _key_bytes(coded: str, what: str) -> bytes:
    raw = _decoded(coded)
    if raw is None or len(raw) != 33 or raw[:1] != _ED25519:
        raise NotACheckpoint(f"This is no {what} for checkpoints: an Ed25519 key is wanted.")
    return raw[1:]


def _decoded(coded: str) -> bytes | None:
    try:
        return b64decode(coded, validate=True)
    except (NotBase64, ValueError):
        return None


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()
