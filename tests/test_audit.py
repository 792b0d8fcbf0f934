"""The product's own code holds no line that opens a door; each check first finds one that is planted."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.audit import bandit, code, pages
from tests.audit.checking import Check, Hit, carry_out

CHECKS = [*code.CHECKS, *pages.CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_product_has_no_line_that_opens_a_door(check: Check) -> None:
    report = carry_out(check)
    assert report.files > 0
    assert report.wrong == [], "\n".join(report.wrong)


def test_bandit_finds_what_is_planted_and_nothing_else() -> None:
    report = bandit.carry_out()
    assert report.files > 300
    assert report.wrong == [], "\n".join(report.wrong)


def blind(text: str) -> Iterable[Hit]:
    return ()


def test_a_check_that_overlooks_what_is_planted_fails() -> None:
    for check in CHECKS:
        sleeps = Check(check.name, check.where, blind, check.planted)
        assert len(carry_out(sleeps).wrong) == len(check.planted)


def test_a_check_that_reads_nothing_fails(tmp_path: Path) -> None:
    for check in CHECKS:
        assert "no file was read" in carry_out(check, tmp_path).wrong


def test_an_allowance_that_nothing_needs_any_more_is_told(tmp_path: Path) -> None:
    file = tmp_path / "leads" / "board" / "markup.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n")
    by_hand = next(check for check in CHECKS if check.name == "markup made by hand")
    assert any("nothing needs the allowance" in said for said in carry_out(by_hand, tmp_path).wrong)
