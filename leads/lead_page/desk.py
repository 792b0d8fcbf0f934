"""What every part of a lead's page needs: who looks, when, in which zone, the office's reasons and people."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone

from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.reasons import PERFORMANCE, Reason

from ..models import User


@dataclass(frozen=True, slots=True)
class Desk:
    """One *now* for the whole page, so that no two numbers on it disagree."""

    viewer: User
    now: datetime
    zone: tzinfo
    office: OfficeSettings
    reasons: dict[str, Reason]
    colleagues: list[User]

    def reasons_for(self, kind: str) -> list[Reason]:
        """The reasons that this viewer may give for a kind of fact, by label; "other" last."""
        offered = [
            r
            for r in self.reasons.values()
            if kind in r.kinds and not r.retired and (self.viewer.is_broker or r.code != PERFORMANCE)
        ]
        return sorted(offered, key=lambda r: (r.code == "other", r.label))


def desk_for(viewer: User) -> Desk:
    """The desk of whoever looks, now, in the zone that the request has switched on. Three queries."""
    return Desk(
        viewer=viewer,
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
        office=OfficeSettings.load(),
        reasons=ReasonCode.book(),
        colleagues=list(User.objects.filter(is_active=True).order_by("display_name")),
    )
