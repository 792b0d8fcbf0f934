"""Settings of one peer in one process: BENCH_PEER names its app, BENCH_DATABASE is the entry that Hindsight has too."""

import json
import os
from pathlib import Path

PEER = os.environ["BENCH_PEER"]
_EXTRA = {
    "simple_history_": ["simple_history"],
    "pghistory_": ["pgtrigger", "pghistory"],
    "auditlog_": ["auditlog"],
    "fsm_log_": ["django_fsm", "django_fsm_log"],
}

SECRET_KEY = "of a benchmark"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    *_EXTRA.get(PEER, []),
    f"bench.peers.{PEER}",
]
DATABASES = {"default": json.loads(os.environ["BENCH_DATABASE"])}
BASE_DIR = Path(__file__).resolve().parent
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True

# The index that django-simple-history has for questions as of an instant, where they are what is measured.
SIMPLE_HISTORY_DATE_INDEX = "Composite" if os.environ.get("BENCH_AS_OF") else True
