"""Settings of the test run: the product's own, on a throw-away database of the engine TEST_ENGINE names.

TEST_ENGINE is `sqlite` (the default) or `postgresql`. For PostgreSQL, TEST_DATABASE_URL names a server whose
user may create databases; where it is not set, one is started in a temporary folder and stopped at exit.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.postgresql import start_server


def scratch() -> Path:
    """A folder of this process's own: workers never meet, and no run stumbles over what a killed one left."""
    # Workers end without cleaning up, so theirs lie inside the folder of the process that started them.
    if "HINDSIGHT_TEST_SCRATCH" not in os.environ:
        os.environ["HINDSIGHT_TEST_SCRATCH"] = tempfile.mkdtemp(prefix="hindsight-test-")
        atexit.register(shutil.rmtree, os.environ["HINDSIGHT_TEST_SCRATCH"], ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=os.environ["HINDSIGHT_TEST_SCRATCH"]))


TEST_ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
if TEST_ENGINE == "postgresql":
    # Workers of a parallel run inherit the variable and share the server of the process that started them.
    if not os.environ.get("TEST_DATABASE_URL"):
        os.environ["TEST_DATABASE_URL"] = start_server()
    _address = os.environ["TEST_DATABASE_URL"]
elif TEST_ENGINE == "sqlite":
    _address = "sqlite:///never-opened.sqlite3"
else:
    raise SystemExit("TEST_ENGINE must be sqlite or postgresql.")

# What the developer's shell or .env says must not decide whether a test passes.
_FIXED = {
    "HINDSIGHT_ENV_FILE": "",
    "DATABASE_URL": _address,
    "SECRET_KEY": "for tests only, and therefore no secret at all: 0123456789",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "LOG_LEVEL": "WARNING",
    "HTTPS": "no",
    # People log in without ceremony here; a test about the second factor says whom it asks.
    "SECOND_FACTOR_FOR": "",
    # Enough for the tests that let sixteen threads move one lead at once.
    "DATABASE_POOL_MIN": "0",
    "DATABASE_POOL_MAX": "24",
}
_UNSET = (
    "HINDSIGHT_DEMO",
    "DEBUG",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "PROXIES",
    "LIVE_HINTS",
    "STATIC_ROOT",
)
_saved = {name: os.environ.get(name) for name in (*_FIXED, *_UNSET)}
os.environ.update(_FIXED)
for _name in _UNSET:
    os.environ.pop(_name, None)

from crm.settings import *  # noqa: E402, F403
from crm.settings import DATABASES, STORAGES  # noqa: E402

# A test that starts the product in a process of its own must find the environment as it was.
for _name, _value in _saved.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

if TEST_ENGINE == "sqlite":
    # The type checker and makemigrations read these settings too; they need no data.
    DATABASES["default"]["NAME"] = ":memory:"
    # A file, not memory: the tests with threads need connections that wait for one another.
    if "pytest" in sys.modules:
        DATABASES["default"]["TEST"] = {"NAME": str(scratch() / "test.sqlite3")}
    # Surviving a power cut is not what a test asks, and waiting for the disk is what takes the time.
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous = FULL", "synchronous = OFF"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Nothing is collected for a test run.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(scratch() / "imports"), "base_url": None},
    },
}
