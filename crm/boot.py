"""How a start that cannot work ends: with the sentence that says what to set, and nothing else."""

import sys
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured


def refuse(error: ImproperlyConfigured, code: int) -> NoReturn:
    """Print the sentence of `error` and leave the process with `code`."""
    print(f"Hindsight cannot start. {error}", file=sys.stderr)
    raise SystemExit(code)
