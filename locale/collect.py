"""Collects every word for the translators and compiles what they wrote: `make messages`. Needs GNU gettext.

The compiled catalogs are kept beside their sources, so that nobody needs these tools to run Hindsight.
"""

import os
import sys
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
#: `demo`: its people speak for themselves. The rest is not ours or holds no words of the product.
IGNORED = (".venv/*", "tests/*", "docs/*", "bench/*", "staticfiles/*", "static/vendor/*", "leads/demo/*", "locale/*")


def collect(root: Path = ROOT) -> None:
    """Brings the .po files under ``root``/locale in line with the code under ``root``."""
    os.chdir(root)
    shared = {
        "locale": ["es"],
        "ignore_patterns": list(IGNORED),
        "no_wrap": True,
        "no_obsolete": True,
        # Line numbers would change the files with every edit; the file is enough to find a word.
        "add_location": "file",
        "verbosity": 0,
    }
    call_command("makemessages", extensions=["py", "html", "txt"], **shared)
    call_command("makemessages", domain="djangojs", extensions=["js"], **shared)


def compiled() -> None:
    """Compiles every catalog."""
    call_command("compilemessages", ignore_patterns=[".venv"], verbosity=0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    collect()
    compiled()
