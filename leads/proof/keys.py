"""Where the keys of checkpoints come from: the office's own file, or what somebody kept elsewhere."""

import os
import stat
from pathlib import Path

from django.conf import settings

from lifecycle.proof.notes import NotACheckpoint, PrivateKey, PublicKey

HOW_TO_BEGIN = (
    "There is no key to sign with. Make one with `manage.py checkpoint --new-key FILE --name crm.example.com`, name it"
    " in CHECKPOINT_KEY_FILE, and keep the public key that it prints where nobody here can change it."
)


class NoKey(Exception):
    """There is no key, or it cannot be used; says in a sentence what to do."""


def signing_key() -> PrivateKey:
    """The office's key, from CHECKPOINT_KEY_FILE. Raises ``NoKey``; a demo gets one by itself."""
    named = settings.CHECKPOINT_KEY_FILE
    if not named:
        raise NoKey(HOW_TO_BEGIN)
    file = Path(named)
    if settings.DEMO and not file.exists():
        new_key(file, "demo.hindsight")
    try:
        mode = file.stat().st_mode
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"The key {file} cannot be read: {getattr(error, 'strerror', '') or 'it is no text'}.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoKey(f"Others can read the key {file}, so it proves nothing. `chmod 600 {file}`, or make a new one.")
    try:
        return PrivateKey.read(text)
    except NotACheckpoint as wrong:
        raise NoKey(f"{file}: {wrong}") from None


def new_key(file: Path, name: str) -> PublicKey:
    """Makes a key for the log of this name; out: its public half. Never overwrites: raises ``NoKey``."""
    try:
        key = PrivateKey.new(name)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except NotACheckpoint as wrong:
        raise NoKey(str(wrong)) from None
    except FileExistsError:
        raise NoKey(f"{file} is there already. A key is never overwritten; choose another name.") from None
    except OSError as error:
        raise NoKey(f"{file} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "w") as out:
        out.write(key.text() + "\n")
    return key.public


def public_keys(given: list[str]) -> list[PublicKey]:
    """The keys that a checkpoint may be signed by. In: keys as text, or files with one a line; none: the office's own.

    Raises ``NoKey``.
    """
    if not given:
        return [signing_key().public]
    return [_public(line) for one in given for line in _lines(one)]


def _lines(given: str) -> list[str]:
    if given.count("+") >= 2 and not Path(given).exists():
        return [given]
    try:
        found = [line for line in Path(given).read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise NoKey(f"{given} is neither a public key nor a file with one.") from None
    if not found:
        raise NoKey(f"{given} is empty.")
    return found


def _public(text: str) -> PublicKey:
    try:
        return PublicKey.read(text)
    except NotACheckpoint as wrong:
        raise NoKey(str(wrong)) from None
