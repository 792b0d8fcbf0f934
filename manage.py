#!/usr/bin/env python
"""Hindsight's commands: `python manage.py help`."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name; a wrong setting ends in one sentence and code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here: run `make install`, then .venv/bin/python manage.py …")

    from crm.boot import refuse

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        refuse(error, 2)


if __name__ == "__main__":
    main()
