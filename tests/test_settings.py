"""A start with a missing or wrong setting ends in one sentence; a start that works is safe by default."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "HINDSIGHT_ENV_FILE": "",
    "SECRET_KEY": "k9Zr-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ",
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgresql://hindsight:p%40ss@db.example.com:5432/hindsight",
}
SHOWN = [
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASES",
    "DEBUG",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "STORAGES",
    "STATIC_ROOT",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "LANGUAGE_COOKIE_NAME",
]


def run(*command: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """A Python process in a production environment; `variables` change it, None takes one away."""
    wanted: dict[str, str | None] = {**PRODUCTION, **variables}
    own = {"PATH", "HOME", "LANG", "TMPDIR"}
    env = {name: value for name, value in os.environ.items() if name in own}
    env |= {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def booted(**variables: str | None) -> dict[str, object]:
    """The settings of SHOWN as such a process sees them."""
    script = f"import json, crm.settings as s; print(json.dumps({{n: getattr(s, n, None) for n in {SHOWN!r}}}))"
    done = run("-c", script, **variables)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "  "}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": None, "DEBUG": "1"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short-0123456789"}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz"}, "SECRET_KEY can be guessed"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "hindsight.sqlite3"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "mysql://u:p@h/n"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql:/one-slash"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql://user:pa/ss@host/name"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql://user:pass@host:port/name"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql://user:pass@[::1/name"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql://user:pass@host:5432/"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "sqlite://relative.sqlite3"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name a file"),
        ({"DATABASE_POOL_MAX": "0"}, "DATABASE_POOL_MAX must be a whole number, at least 1"),
        ({"DATABASE_POOL_MIN": "11"}, "DATABASE_POOL_MIN must not be greater"),
        ({"DATABASE_PREPARED": "perhaps"}, "DATABASE_PREPARED must be one of"),
        ({"DEBUG": "ture"}, "DEBUG must be one of"),
        ({"HTTPS": "of"}, "HTTPS must be one of"),
        ({"PROXIES": "-1"}, "PROXIES must be a whole number"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of"),
        ({"SECOND_FACTOR_FOR": "brokers"}, "SECOND_FACTOR_FOR may name agent, broker, admin"),
        ({"SECOND_FACTOR_FOR": "admin;broker"}, "SECOND_FACTOR_FOR may name agent, broker, admin"),
        ({"EMAIL_URL": "pigeon://"}, "EMAIL_URL cannot be read"),
        ({"EMAIL_URL": "smtp://host:many"}, "EMAIL_URL cannot be read"),
    ],
)
def test_a_wrong_setting_ends_in_one_sentence_and_code_2(variables: dict[str, str | None], said: str) -> None:
    done = run("manage.py", "check", **variables)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "pass" not in done.stderr.replace("user:password@host", "").replace("in the password as", "")


def test_a_server_that_cannot_boot_says_the_sentence_and_gives_up() -> None:
    done = run("-c", "import crm.wsgi", SECRET_KEY=None)
    assert done.returncode == 3
    assert done.stderr.startswith("Hindsight cannot start. SECRET_KEY is not set")
    assert len(done.stderr.splitlines()) == 1


def test_production_is_https_only_and_quiet() -> None:
    seen = booted()
    assert seen["DEBUG"] is False
    assert seen["SECURE_SSL_REDIRECT"] is True
    assert seen["SESSION_COOKIE_SECURE"] is True
    assert seen["CSRF_COOKIE_SECURE"] is True
    assert seen["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "Manifest" in json.dumps(seen["STORAGES"])
    # Letters printed to the log would be personal data in the log.
    assert seen["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


def asked_for_more(**variables: str | None) -> list[str]:
    """Whose password is not enough, in such a process."""
    done = run("-c", "import crm.settings as s; print(*sorted(s.SECOND_FACTOR_FOR))", **variables)
    return done.stdout.split()


def test_brokers_and_admins_need_a_second_step_unless_somebody_says_otherwise() -> None:
    assert asked_for_more() == ["admin", "broker"]
    assert asked_for_more(SECOND_FACTOR_FOR="") == []
    assert asked_for_more(SECOND_FACTOR_FOR=" agent, admin ") == ["admin", "agent"]
    assert asked_for_more(HINDSIGHT_DEMO="1") == asked_for_more(DEBUG="1") == []
    assert asked_for_more(HINDSIGHT_DEMO="1", SECOND_FACTOR_FOR="broker") == ["broker"]


def test_over_https_no_neighbour_can_set_a_cookie_of_ours() -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
    assert all(str(booted()[name]).startswith("__Host-hindsight_") for name in names)
    assert all(str(booted(HTTPS="no")[name]).startswith("hindsight_") for name in names)


def test_postgresql_has_a_pool_and_gives_up_on_locks() -> None:
    database = booted(DATABASE_POOL_MIN="1", DATABASE_POOL_MAX="7")["DATABASES"]["default"]  # type: ignore[index]
    assert database["PASSWORD"] == "p@ss"
    assert database["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 7, "timeout": 10}
    assert "lock_timeout" in database["OPTIONS"]["options"]


@pytest.mark.parametrize(("said", "threshold"), [(None, 0), ("no", None)])
def test_statements_of_an_append_are_prepared_unless_a_pooler_cannot(said: str | None, threshold: int | None) -> None:
    database = booted(DATABASE_PREPARED=said)["DATABASES"]["default"]  # type: ignore[index]
    assert database["OPTIONS"]["prepare_threshold"] == threshold


def test_sqlite_is_the_default_and_starts_each_transaction_as_a_writer() -> None:
    database = booted(DATABASE_URL=None)["DATABASES"]["default"]  # type: ignore[index]
    assert database["NAME"] == str(ROOT / "hindsight.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] >= 10
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        assert pragma in database["OPTIONS"]["init_command"]


def test_a_key_that_begins_with_a_dollar_sign_is_taken_as_it_stands() -> None:
    key = "$HOME-0123456789-abcdefghijklmnopqrstuvwxyz"
    assert booted(SECRET_KEY=key)["SECRET_KEY"] == key


def test_an_env_file_fills_the_gaps_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "office.env"
    file.write_text("SECRET_KEY=from-the-file-0123456789-abcdefghijk\nALLOWED_HOSTS=from.the.file\n")
    seen = booted(HINDSIGHT_ENV_FILE=str(file), SECRET_KEY=None)
    assert seen["SECRET_KEY"] == "from-the-file-0123456789-abcdefghijk"
    assert seen["ALLOWED_HOSTS"] == ["crm.example.com"]


def test_the_demo_needs_nothing_and_listens_to_this_machine_only() -> None:
    demo = {"HINDSIGHT_DEMO": "1", "SECRET_KEY": None, "ALLOWED_HOSTS": None, "DATABASE_URL": None}
    first, second = booted(**demo), booted(**demo)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(str(first["SECRET_KEY"])) >= 50
    assert first["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert first["SECURE_SSL_REDIRECT"] is False
    assert first["DATABASES"]["default"]["NAME"] == str(ROOT / "demo.sqlite3")  # type: ignore[index]
    assert (ROOT / ".demo-secret").stat().st_mode & 0o077 == 0


def test_deployment_checks_find_nothing_in_a_production_environment(tmp_path: Path) -> None:
    file = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", DATABASE_URL=file)
    assert done.returncode == 0, done.stderr


def test_a_laptop_may_have_a_short_key() -> None:
    assert booted(SECRET_KEY="short", DEBUG="1")["SECRET_KEY"] == "short"


def test_only_what_is_another_persons_decision_is_silenced(tmp_path: Path) -> None:
    """Preloading binds a whole domain for years; without that sentence of ours it is the only thing to be said."""
    script = "import django; django.setup(); from django.core.checks import run_checks; "
    script += "print(sorted({m.id for m in run_checks(include_deployment_checks=True)}))"
    file = f"sqlite:///{tmp_path / 'office.sqlite3'}"
    done = run("-c", script, DATABASE_URL=file, DJANGO_SETTINGS_MODULE="crm.settings")
    assert done.stdout.strip() == str(settings.SILENCED_SYSTEM_CHECKS) == "['security.W021']"


def test_the_content_policy_allows_our_own_files_only() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"]
    assert {word for words in directives.values() for word in words} == {"'self'", "'none'"}
