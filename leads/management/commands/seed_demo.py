"""``manage.py seed_demo``: an invented office with 420 leads and nine months of history, up to this minute."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from leads.demo import bringing
from leads.demo.office import OFFICE_NAME, PASSWORD
from leads.demo.seed import IMPORT, Found, look, plan_for, seed
from lifecycle.errors import Refused
from lifecycle.models import LeadEvent

_LOGINS = f"""
Log in with the password {PASSWORD}

  bruna   broker   read Dana Ortiz's timeline, then "Look back": the board on another day, what changed;
                   "Import leads" in her menu: what came of an old export, and one of your own
  otto    admin    the same, and people, reason codes, office settings and the look-only log under /admin/
  ana     agent    drag a card from Committed back to Qualified: it asks for the reason, and Cancel changes nothing
"""
_FOREIGN = (
    "This database holds leads or people that are not the demo's, so nothing was written. "
    "Name an empty one in DATABASE_URL."
)
_KNOWN_PASSWORD = (
    "This is not a demo server, and the demo's eight people, one of them an admin, have a password that everybody "
    "knows; so nothing was written. Set HINDSIGHT_DEMO=1 for this command and for the server that shows it."
)


def _brought() -> str:
    counts = bringing.counted(IMPORT)
    return f"{counts.get('created', 0)} more brought in from the export of an old system"


class Command(BaseCommand):
    help = (
        f"Fills an empty database with {OFFICE_NAME}: 8 people, 400 leads with nine months of history up to now, and "
        "20 from the export of an old system. "
        "Goes on where it was interrupted; run again, it says that all is there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 0: the demo data is there. 1: refused, nothing written, the sentence says why."""
        plan = plan_for(timezone.now())
        found = look(plan)
        if found is Found.COMPLETE:
            self.stdout.write("The demo data is already here.")
            self.stdout.write(_LOGINS)
            return
        if found is Found.FOREIGN:
            raise CommandError(_FOREIGN)
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(_KNOWN_PASSWORD)
        self._seed(plan)
        facts = f"{LeadEvent.objects.count():,}".replace(",", "\u202f")
        self.stdout.write(f"{OFFICE_NAME} is open: {len(plan.leads)} leads, and {_brought()}, with {facts} facts.")
        self.stdout.write(_LOGINS)

    def _seed(self, plan: Any) -> None:
        total = len(plan.in_order())
        try:
            # disable=None: a bar on a terminal, silence in a pipe.
            with tqdm(total=total, unit=" facts", disable=None, desc="Demo data") as bar:
                seed(plan, lambda done: bar.update(done - bar.n))
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run it again, it goes on where it stopped.", returncode=130) from None
        except Refused as refusal:
            raise CommandError(
                f"Somebody has worked on this half-filled demo, so it cannot be completed: {refusal.sentence} "
                "Start again with an empty database."
            ) from None
