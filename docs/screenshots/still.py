"""Runs a command or the server with the clock standing still, so that a picture taken again differs only where we do.

`still.py manage seed_demo` is `manage.py seed_demo`; `still.py serve 127.0.0.1:8765` serves.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

ROOT = Path(__file__).resolve().parent.parent.parent
#: A Monday morning in the time zone of the demo office.
MOMENT = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)


def main(what: str, *words: str) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    timezone.now = lambda: MOMENT
    if what == "manage":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", *words])
    else:
        from gunicorn.app.wsgiapp import run

        sys.argv = ["gunicorn", "crm.wsgi", "--bind", *words, "--threads", "4", "--no-control-socket"]
        sys.argv += ["--log-level", "error"]
        run()


if __name__ == "__main__":
    main(*sys.argv[1:])
