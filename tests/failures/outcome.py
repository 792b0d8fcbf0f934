"""What came of a failure, as a figure that can be kept."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Outcome:
    """Counts of one failure on one engine. ``wrong``: what should not have been, in words; ``more``: what was seen."""

    failure: str
    engine: str
    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    unsound: int = 0
    wrong: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.unsound or self.wrong)

    def add(self, checked: dict[str, Any]) -> None:
        """Takes over what ``office check`` found. The acknowledged facts are those of all runs so far."""
        self.acknowledged = checked["acknowledged"]
        self.lost = max(self.lost, checked["lost"])
        self.unsound += bool(checked["findings"])
        self.wrong += checked["findings"][:3]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
