"""How a reason reads inside a sentence."""

import pytest

from lifecycle.timeline.because import in_sentence, lowered


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Cold feet", "cold feet"),
        ("HOA or title", "HOA or title"),
        ("Be-back", "be-back"),
        ("VA loan fell through", "VA loan fell through"),
        ("X", "x"),
        ("", ""),
        ("É tarde", "é tarde"),
    ],
)
def test_a_label_begins_small_and_an_abbreviation_keeps_its_capitals(label: str, inside: str) -> None:
    assert lowered(label) == in_sentence(label) == inside


def test_other_alone_would_leave_the_reader_asking_other_what() -> None:
    assert in_sentence("Other") == "other reason"
