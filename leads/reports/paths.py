"""The paths in files: ``path, leads, share, stands, fell_back, median_hours``."""

from collections.abc import Generator

from lifecycle.reports.funnel import ENOUGH
from lifecycle.reports.paths import Wanted, read_paths
from lifecycle.reports.pipeline import in_files
from lifecycle.reports.scope import Scope

COLUMNS = ("path", "leads", "share", "stands", "fell_back", "median_hours")
NUMBERS = frozenset({"leads", "share", "fell_back", "median_hours"})


def rows(scope: Scope, wanted: Wanted | None = None) -> Generator[tuple[str, ...]]:
    """Every path, whole; the share is of the leads that are wanted, and empty where these are fewer than five."""
    found = read_paths(scope, wanted or Wanted())
    for path in found.paths:
        whole = in_files(path.word)
        share = f"{path.leads / found.leads:.4f}" if found.leads >= ENOUGH else ""
        hours = "" if path.median is None else f"{path.median.total_seconds() / 3600:.4f}"
        yield whole, str(path.leads), share, whole.rpartition(">")[2], str(path.fell_back), hours
