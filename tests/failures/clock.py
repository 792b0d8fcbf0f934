"""A clock that is wrong: in a process of the harness alone, by a variable that the product does not know.

FAILURES_CLOCK is by how many seconds it is off. All of Django's and the product's questions for the time go through
``timezone.now`` or ``time.time``; those of the database stay right, as where only one server's clock is wrong.
"""

import os
import time
from datetime import datetime, timedelta

VARIABLE = "FAILURES_CLOCK"
HOUR, DAY = 3_600, 86_400


def shift() -> None:
    """Sets this process's clock as the variable says."""
    seconds = int(os.environ.get(VARIABLE, "0"))
    if not seconds:
        return
    from django.utils import timezone

    right_now, right_time = timezone.now, time.time

    def now() -> datetime:
        return right_now() + timedelta(seconds=seconds)

    timezone.now = now
    time.time = lambda: right_time() + seconds
