"""The product-limit estimate: what lifelines says of the same stays, and by hand where the answer is plain."""

import statistics
from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lifecycle.reports.survival import SHARES, Survival, estimate

Stay = tuple[int, bool]

STAYS = some.lists(some.tuples(some.integers(0, 30) | some.integers(0, 10**13), some.booleans()), max_size=60)


def of(stays: Iterable[Stay]) -> Survival:
    lined_up = sorted(stays)
    return estimate(iter(lined_up), len(lined_up), sum(over for _, over in lined_up))


def exactly(stays: list[Stay]) -> list[tuple[int, Fraction]]:
    """The definition, word for word, in fractions: where the curve falls and to what."""
    share, steps = Fraction(1), []
    for length in sorted({at for at, over in stays if over}):
        reached = sum(at >= length for at, _ in stays)
        share *= 1 - Fraction(sum(at == length and over for at, over in stays), reached)
        steps.append((length, share))
    return steps


@given(STAYS)
def test_the_shares_are_reached_where_the_exact_curve_falls_so_far(stays: list[Stay]) -> None:
    steps = exactly(stays)
    expected = [next((at for at, share in steps if share <= 1 - Fraction(str(p))), None) for p in SHARES]
    assert list(of(stays).reached) == expected


@given(STAYS)
def test_the_curve_is_the_exact_one_thinned_out_by_half_a_percent(stays: list[Stay]) -> None:
    found, steps = of(stays), exactly(stays)
    assert len(found.curve) <= 201
    assert {at for at, _ in found.curve} <= {at for at, _ in steps}
    for at, share in steps:
        said = found.still_after(at)
        assert said is not None and abs(said - share) < 0.005 + 1e-9
    if steps:
        assert found.curve[-1] == (steps[-1][0], pytest.approx(float(steps[-1][1]), abs=1e-9))


@settings(deadline=None, max_examples=30)
@given(some.lists(some.tuples(some.integers(0, 40) | some.integers(0, 10**6), some.booleans()), min_size=1))
def test_lifelines_says_the_same(stays: list[Stay]) -> None:
    import lifelines  # here, because it takes seconds to come

    fitted = lifelines.KaplanMeierFitter().fit([at for at, _ in stays], [over for _, over in stays])
    theirs = fitted.survival_function_["KM_estimate"]
    for at, share in exactly(stays):
        assert theirs[at] == pytest.approx(float(share), abs=1e-9)
    for p, ours in zip(SHARES, of(stays).reached, strict=True):
        # Where a share is met to the last digit, a float may be on either side of it: there the fractions judge.
        if not any(abs(share - (1 - Fraction(str(p)))) < Fraction(1, 10**9) for _, share in exactly(stays)):
            reached = lifelines.utils.qth_survival_time(1 - p, theirs)
            assert (None if reached == float("inf") else reached) == ours


@given(some.lists(some.integers(0, 10**13), max_size=40), some.lists(some.integers(0, 10**13), max_size=5))
def test_the_plain_median_is_that_of_the_finished_alone(finished: list[int], going_on: list[int]) -> None:
    found = of([(at, True) for at in finished] + [(at, False) for at in going_on])
    assert found.finished_median == (statistics.median(finished) if finished else None)
    assert (found.count, found.finished) == (len(finished) + len(going_on), len(finished))


def test_by_hand() -> None:
    # Six deals; of one it is not known after two days how it ends, of two after five and eight.
    found = of([(1, True), (2, False), (3, True), (5, True), (5, False), (8, False)])
    assert [at for at, _ in found.curve] == [1, 3, 5]
    assert [share for _, share in found.curve] == pytest.approx([5 / 6, 5 / 6 * 3 / 4, 5 / 6 * 3 / 4 * 2 / 3])
    assert (found.reached, found.longest) == ((5, None, None), 8)


@pytest.mark.parametrize("count", [2, 6, 10, 1000, 9_998])
def test_half_is_reached_by_the_stay_that_makes_it_half(count: int) -> None:
    assert of([(n, True) for n in range(1, count + 1)]).reached[0] == count // 2


def test_half_is_half_where_the_product_of_floats_misses_it() -> None:
    assert 8 / 10 * (6 / 8) * (5 / 6) > 0.5
    stays = [(n, True) for n in (1, 1, 2, 2, 3)] + [(4, False)] * 5
    assert exactly(stays)[-1] == (3, Fraction(1, 2))
    assert of(stays).reached == (3, None, None)


def test_nothing_is_known_of_no_stays() -> None:
    assert of([]) == Survival()
    assert of([]).still_after(0) is None


def test_stays_that_all_go_on_say_only_that_they_do() -> None:
    found = of([(5, False), (7, False)])
    assert (found.reached, found.finished_median, found.curve) == ((None, None, None), None, ())
    assert [found.still_after(at) for at in (0, 7, 8)] == [1.0, 1.0, None]


def test_a_stay_of_no_length_ends_at_once() -> None:
    found = of([(0, True), (0, True), (0, True), (4, True)])
    assert found.reached == (0, 0, 4)
    assert (found.still_after(0), found.still_after(3), found.still_after(4)) == (0.25, 0.25, 0.0)


def test_one_stay_is_its_own_median() -> None:
    assert (of([(3, True)]).reached, of([(3, True)]).finished_median) == ((3, 3, 3), 3)
