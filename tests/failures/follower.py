"""A process that reads the log on, up to the horizon, again and again, and moves the tally on meanwhile.

    python -m tests.failures.follower       (the settings are in the environment)

Each id that it reads is a line on stdout, in the order of reading. SIGTERM: it reads to the end and ends.
"""

import os
import signal
import time
from typing import Any


def follow() -> None:
    from django.db import InterfaceError, OperationalError, close_old_connections

    from lifecycle.horizon import horizon
    from lifecycle.models import LeadEvent
    from lifecycle.service import tallying

    over: list[bool] = []
    signal.signal(signal.SIGTERM, lambda number, frame: over.append(True))
    os.write(1, b"begin\n")
    upto, looks = 0, 0
    while True:
        last = bool(over)
        try:
            found: Any = horizon(60.0 if last else 0.2)
            if found is not None:
                later = LeadEvent.objects.filter(id__gt=upto, id__lte=found).order_by("id")
                rows = list(later.values_list("id", flat=True))
                os.write(1, "".join(f"{pk}\n" for pk in rows).encode())
                upto = found
            looks += 1
            if looks % 20 == 0:
                tallying.move_on()
        except (OperationalError, InterfaceError):
            close_old_connections()
            time.sleep(0.05)
            continue
        if last and found is not None:
            return
        time.sleep(0.01)


if __name__ == "__main__":
    import django

    django.setup()
    follow()
