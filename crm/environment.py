"""Reads the environment; whatever is missing or malformed becomes one sentence that says what to set.

The sentences never repeat a value: a database address carries a password.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})
ENGINES = {
    "sqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
}
#: As `leads.models.Role` has them; settings are read before any model is.
ROLES = ("agent", "broker", "admin")
SHORTEST_KEY, FEWEST_SIGNS = 32, 10
#: How keys begin that come with a project or a handbook, and not from chance.
KNOWN_KEYS = ("django-insecure", "change", "secret", "insecure", "example", "your-")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# WAL: readers never wait for the writer. FULL: a committed fact survives a power cut.
# Each thread of the server has a connection with a cache of 8 MB; more was no faster, what changes empties all of them.
# The write-ahead file shrinks back to 64 MB after a large import.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA busy_timeout = 20000;"
    "PRAGMA cache_size = -8000;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA temp_store = MEMORY"
)

#: So long a thread keeps its connection to the file; then it gives back what the connection has cached.
SQLITE_KEPT_SECONDS = 60


def read_file(base: Path) -> None:
    """Load the `.env` file of `base` into the environment; variables that are already set win.

    HINDSIGHT_ENV_FILE names another file; set but empty, it means "no file at all" (demo and tests use that,
    so that a production `.env` in the same folder cannot leak into them).
    """
    name = os.environ.get("HINDSIGHT_ENV_FILE", str(base / ".env"))
    if name:
        environ.Env.read_env(name)


def text(name: str, default: str = "") -> str:
    """The variable `name` as it stands, without blanks around it."""
    # Not through django-environ: it replaces a value that begins with "$" by another variable, and keys may.
    return os.environ.get(name, default).strip()


def required(name: str, sentence: str) -> str:
    """The variable `name`; refuses with `sentence` where it is missing or empty."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(sentence)
    return value


def secret_key(*, may_be_weak: bool) -> str:
    """SECRET_KEY; a short one, or one that everybody knows, is refused unless it `may_be_weak`: it signs sessions."""
    key = required(
        "SECRET_KEY",
        "SECRET_KEY is not set: put a long random string there (environment or .env) and keep it secret.",
    )
    is_weak = len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or key.lower().startswith(KNOWN_KEYS)
    if is_weak and not may_be_weak:
        raise ImproperlyConfigured(
            "SECRET_KEY can be guessed: put a long random string there, for example what "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))' prints."
        )
    return key


def yes_or_no(name: str, *, default: bool) -> bool:
    """The variable `name` as a truth value; a typing error is refused, it might switch protection off."""
    if name not in os.environ:
        return default
    value = text(name).lower()
    if value in YES:
        return True
    if value in NO:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, true, yes, on, 0, false, no, off.")


def whole_number(name: str, *, default: int, least: int = 0) -> int:
    """The variable `name` as a whole number, not below `least`."""
    value = text(name) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number, at least {least}.")
    return int(value)


def several(name: str) -> list[str]:
    """The variable `name` split at commas, blanks and empty parts dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def roles(name: str, *, default: str) -> frozenset[str]:
    """The variable `name` as roles of an office; set but empty it means nobody. A typing error would open a door."""
    named = several(name) if name in os.environ else [part for part in default.split(",") if part]
    if set(named) - set(ROLES):
        raise ImproperlyConfigured(f"{name} may name {', '.join(ROLES)}, separated by commas, or be empty.")
    return frozenset(named)


def log_level() -> str:
    """LOG_LEVEL as one of Python's level names; INFO where it is not set."""
    level = (text("LOG_LEVEL") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    return level


def demo_secret(path: Path) -> str:
    """The throw-away key of this checkout's demo: made once, kept so that a restart logs nobody out."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def database(base: Path, default_file: str) -> dict[str, Any]:
    """DATABASE_URL as an entry of Django's DATABASES, with all that the event log needs from its engine.

    A relative SQLite path counts from `base`, wherever the command was started.
    """
    address = text("DATABASE_URL", f"sqlite:///{default_file}")
    engine = _engine(address)
    try:
        config = dict(environ.Env.db_url_config(address))
    except (ValueError, TypeError, KeyError):
        raise ImproperlyConfigured(_database_sentence()) from None
    return _sqlite(config, base) if engine == "sqlite" else _postgresql(config)


def _engine(address: str) -> str:
    """`sqlite` or `postgresql`; refuses an address that names neither, or that cannot be read at all."""
    try:
        parts = urlsplit(address)
        engine = ENGINES[parts.scheme]
        # Reading the port is what finds an unescaped "/" or ":" in a password.
        readable = "://" in address and (engine == "sqlite" or parts.port is None or parts.port > 0)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(_database_sentence()) from None
    if not readable or (engine == "sqlite" and parts.netloc):
        raise ImproperlyConfigured(_database_sentence())
    return engine


def _database_sentence() -> str:
    return (
        "DATABASE_URL cannot be read: write sqlite:///file.sqlite3 or "
        "postgresql://user:password@host:5432/name (special characters in the password as %XX)."
    )


def _sqlite(config: dict[str, Any], base: Path) -> dict[str, Any]:
    """The embedded engine: one file, one writer at a time that the others wait for."""
    if config["NAME"] in ("", ":memory:"):
        raise ImproperlyConfigured("DATABASE_URL must name a file: a log in memory would be gone with the process.")
    config["NAME"] = str(base / config["NAME"])
    # IMMEDIATE takes the write lock at the start; a transaction that asks for it later fails without waiting.
    config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
    # Opened anew for each request it would read the schema each time, a third of what a quiet board's question costs;
    # and whoever closes the last one has to empty the write-ahead file.
    config["CONN_MAX_AGE"] = SQLITE_KEPT_SECONDS
    return config


def _postgresql(config: dict[str, Any]) -> dict[str, Any]:
    """The server engine: connections are kept in a pool, a lock is waited for 10 s and then given up."""
    if not config["NAME"]:
        raise ImproperlyConfigured(_database_sentence())
    least = whole_number("DATABASE_POOL_MIN", default=2)
    most = whole_number("DATABASE_POOL_MAX", default=10, least=1)
    if least > most:
        raise ImproperlyConfigured("DATABASE_POOL_MIN must not be greater than DATABASE_POOL_MAX.")
    options: dict[str, Any] = {
        "options": "-c lock_timeout=10s",
        "connect_timeout": 5,
        **config.get("OPTIONS", {}),
    }
    # Only the statements of an append are prepared, and at their first use (`lifecycle/service/store/sending.py`).
    options["prepare_threshold"] = 0 if yes_or_no("DATABASE_PREPARED", default=True) else None
    options["pool"] = {"min_size": least, "max_size": most, "timeout": 10}
    # A connection that died with a restarted server is replaced before a request gets it.
    return {**config, "OPTIONS": options, "CONN_HEALTH_CHECKS": True}


def email(default: str) -> dict[str, Any]:
    """EMAIL_URL as Django's EMAIL_* settings; `default` is the address to use where it is not set."""
    try:
        parsed = dict(environ.Env.email_url_config(text("EMAIL_URL") or default))
    except (ImproperlyConfigured, ValueError, KeyError):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read: write smtp+tls://user:password@host:587, smtp://host:25 or consolemail://."
        ) from None
    return {key: value for key, value in parsed.items() if key.startswith("EMAIL_") and key != "EMAIL_FILE_PATH"}
