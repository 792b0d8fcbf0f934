"""The funnel in files: ``cohort, stage, reached, share``."""

from collections.abc import Generator

from lifecycle.reports.funnel import read_funnel
from lifecycle.reports.pipeline import PIPELINE
from lifecycle.reports.scope import Scope

COLUMNS = ("cohort", "stage", "reached", "share")
NUMBERS = frozenset({"reached", "share"})


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """Of every quarter in which a lead came in the six stages in their order; the share is empty below five leads."""
    for cohort in read_funnel(scope):
        if not cohort.leads:
            continue
        for stage in PIPELINE:
            share = cohort.share(stage)
            yield cohort.name, stage.value, str(cohort.reached(stage)), "" if share is None else f"{share:.4f}"
