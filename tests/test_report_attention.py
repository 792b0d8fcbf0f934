"""What to look at first: which figures are worth a sentence, and in which order."""

from typing import Any

import pytest

from lifecycle.reports.attention import MOST, Concern, Finding, Seen, Share, findings

ANA, BEN, OTTO, POOL = 1, 2, 3, None
C = Concern


def found(**seen: Any) -> list[Finding]:
    return findings(Seen(**seen))


def test_when_all_is_well_nothing_is_said() -> None:
    assert found() == []


def test_even_one_lead_past_its_minutes_is_worth_a_sentence() -> None:
    assert found(overdue={ANA: 1}) == [Finding(C.OVERDUE, 1, ANA, 1, people=1)]


def test_who_has_most_is_named_and_of_two_the_one_who_came_first() -> None:
    assert found(overdue={ANA: 9, BEN: 5}) == [Finding(C.OVERDUE, 14, ANA, 9, people=2)]
    assert found(overdue={BEN: 4, ANA: 4, POOL: 4}) == [Finding(C.OVERDUE, 12, ANA, 4, people=2)]


def test_the_pool_may_be_where_they_are() -> None:
    assert found(overdue={POOL: 5, ANA: 1}) == [Finding(C.OVERDUE, 6, POOL, 5, people=1)]


def test_nobody_is_named_for_a_small_part() -> None:
    assert found(overdue=dict.fromkeys(range(1, 8), 2)) == [Finding(C.OVERDUE, 14, None, 0, people=7)]


def test_leads_of_one_who_left_come_up_from_the_first_on() -> None:
    assert found(left={OTTO: 1}) == [Finding(C.LEFT, 1, OTTO, 1, people=1)]


@pytest.mark.parametrize(("deals", "expected"), [({"financing": 2}, []), ({"financing": 3}, ["financing"])])
def test_fewer_than_three_deals_are_chance(deals: dict[str, int], expected: list[str]) -> None:
    assert [f.about for f in found(fell_back=deals)] == expected


def test_a_group_of_reasons_is_named_when_it_explains_half_of_them() -> None:
    [finding] = found(fell_back={"financing": 4, "timing": 2})
    assert (finding.count, finding.of_them, finding.about) == (6, 4, "financing")
    assert found(fell_back={"financing": 2, "timing": 2, "other": 1}) == [Finding(C.FELL_BACK, 5)]


def test_a_stage_is_stale_from_one_in_five_on_and_never_for_two_leads() -> None:
    def stale(leads: int, of: int) -> list[Finding]:
        return found(stale={"QUALIFIED": {BEN: leads}}, standing={"QUALIFIED": of})

    assert stale(2, 2) == [] and stale(3, 16) == []
    assert stale(3, 15) == [Finding(C.STALE, 3, BEN, 3, people=1, about="QUALIFIED")]


def test_only_the_two_fullest_stages_are_named() -> None:
    stale = {"NEW": {ANA: 3}, "CONTACTING": {ANA: 9}, "QUALIFIED": {BEN: 5}}
    assert [f.about for f in found(stale=stale)] == ["CONTACTING", "QUALIFIED"]


def test_answers_that_became_slower_need_ten_points_and_ten_leads() -> None:
    assert found(in_time=Share(61, 100), in_time_before=Share(82, 100)) == [Finding(C.ANSWERS_FELL, 61, before=82)]
    assert found(in_time=Share(73, 100), in_time_before=Share(82, 100)) == []
    assert found(in_time=Share(0, 9), in_time_before=Share(9, 9)) == []


def test_a_habit_of_other_is_told_from_ten_reasons_on() -> None:
    assert found(reasons=Share(18, 100)) == [Finding(C.OTHER_REASONS, 18)]
    assert found(reasons=Share(14, 100)) == found(reasons=Share(9, 9)) == []


def test_what_cannot_wait_an_hour_comes_before_what_can_wait_until_monday() -> None:
    told = found(
        reasons=Share(20, 40),
        stale={"CONTACTING": {ANA: 9}, "QUALIFIED": {BEN: 5}},
        fell_back={"timing": 3},
        in_time=Share(1, 10),
        in_time_before=Share(9, 10),
        left={OTTO: 3},
        overdue={ANA: 1},
    )
    expected = [C.OVERDUE, C.LEFT, C.ANSWERS_FELL, C.FELL_BACK, C.STALE, C.STALE]
    assert [f.concern for f in told] == expected and len(told) == MOST


def test_a_half_is_rounded_up() -> None:
    assert [Share(1, 8).percent, Share(1, 3).percent, Share(0, 0).percent] == [13, 33, 0]
