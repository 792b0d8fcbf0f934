"""What the rows of another system's history become, whole. Without a database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lifecycle.events import Kind, Words
from lifecycle.imported import ForeignRow, Told, Unfit, public_name, tell
from lifecycle.reasons import SEED

MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
JUNE = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
BOOK = {reason.code: reason for reason in SEED}


def row(seq: int, kind: str, at: datetime = JUNE, **said: Any) -> ForeignRow:
    return ForeignRow(line=seq + 1, seq=seq, occurred_at=at, actor="", kind=kind, **said)


def test_a_story_that_begins_in_the_middle_gets_a_beginning() -> None:
    moved = row(2, "state_changed", from_state="CONTACTING", to_state="QUALIFIED", note="Met at the house.")
    beginning, fact = tell("old", "L1", [moved, row(1, "activity", MAY, note="Called.")], BOOK)[:2]
    assert beginning == Told(
        line=2, seq=0, uuid=public_name("old", "L1", "beginning"), kind=Kind.HISTORY_IMPORTED, occurred_at=MAY,
        actor="", from_status="", to_status="CONTACTING", owner="", reason="", backfilled=True, words=Words(),
        data={"inquiry": "import"},
    )  # fmt: skip
    assert fact == Told(
        line=2, seq=1, uuid=public_name("old", "L1", 1), kind=Kind.NOTE_ADDED, occurred_at=MAY, actor="",
        from_status="", to_status="", owner="", reason="", backfilled=False, words=Words(note="Called."), data={},
    )  # fmt: skip


def test_a_move_keeps_its_words_its_reason_and_who_made_it() -> None:
    came = row(1, "lead_created", MAY, to_state="COMMITTED")
    fell = ForeignRow(
        line=3, seq=2, occurred_at=JUNE, actor="Joe", kind="state_changed", from_state="COMMITTED",
        to_state="QUALIFIED", reason="outbid", note="By 30,000.", said="Lost", backfilled=True, name="r7",
    )  # fmt: skip
    created, told = tell("old", "L1", [came, fell], BOOK)
    assert (created.kind, created.data, created.from_unknown) == (Kind.HISTORY_IMPORTED, {"inquiry": "import"}, False)
    assert told == Told(
        line=3, seq=2, uuid=public_name("old", "L1", "r7"), kind=Kind.DEAL_COLLAPSED, occurred_at=JUNE, actor="Joe",
        from_status="COMMITTED", to_status="QUALIFIED", owner="", reason="outbid", backfilled=True,
        words=Words(note="By 30,000.", source_words="Lost"), data={},
    )  # fmt: skip
    other = tell("old", "L1", [came, row(2, "state_changed", from_state="COMMITTED", to_state="QUALIFIED", said="Lost",
                                         reason="Went elsewhere")], BOOK)[1]  # fmt: skip
    assert (other.reason, other.words.source_words) == ("not_recorded", "Lost: Went elsewhere")


def test_an_assignment_names_its_owner_and_no_stage() -> None:
    _, told = tell("old", "L1", [row(1, "lead_created", to_state="NEW"), row(2, "reassigned", to_owner="Ana")], {})
    assert (told.kind, told.owner, told.from_status, told.to_status) == (Kind.AGENT_ASSIGNED, "Ana", "", "")


@pytest.mark.parametrize(
    ("rows", "line", "sentence"),
    [
        ([row(1, "activity"), row(1, "activity")], 2, "The number 1 stands on line 2 already."),
        ([row(1, "sold")], 2, "The kind “sold” is unknown. Known are lead_created, state_changed, assigned, reassigned,"
                              " activity."),
        ([row(1, "lead_created", to_state="LIMBO")], 2, "to_state “LIMBO” is not one of our stages."),
        ([row(1, "state_changed", from_state="LIMBO", to_state="NEW")], 2, "from_state “LIMBO” is not one of our"
                                                                           " stages."),
        ([row(1, "activity"), row(2, "lead_created", to_state="NEW")], 3, "A lead is created once, as its first row and"
                                                                          " from no stage."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_line_and_sentence(rows: list[ForeignRow], line: int, sentence: str) -> None:
    with pytest.raises(Unfit) as refused:
        tell("old", "L1", rows, BOOK)
    assert (refused.value.line, refused.value.sentence) == (line, sentence)
