"""What counts in a report: the corrected truth, or what was recorded first."""

from collections import Counter
from dataclasses import replace

from lifecycle.history import Reading, counted
from lifecycle.states import State
from tests.story import ANA, BEN, BRUNA, Fact, Story, at

CORRECTED, RECORDED = Reading
QUALIFIED, COMMITTED, ARCHIVED = State.QUALIFIED, State.COMMITTED, State.ARCHIVED


def told(story: Story, reading: Reading) -> list[tuple[str, str]]:
    """Kind and reason of what counts, without the way to the first stage."""
    return [(c.row.kind, c.reason) for c in counted(story.facts, reading) if c.reason]


def test_without_corrections_both_truths_are_one() -> None:
    story = at(COMMITTED).moved(QUALIFIED).noted().called().flagged("dnc").assigned(BEN)
    assert counted(story.facts, CORRECTED) == counted(story.facts, RECORDED)
    kinds = [c.row.kind for c in counted(story.facts)]
    assert kinds[-2:] == ["deal_collapsed", "agent_assigned"] and kinds[0] == "lead_created"
    assert not {"note_added", "contact_logged", "flag_set"} & set(kinds)


def test_a_collapse_that_was_voided_counts_only_as_first_recorded() -> None:
    story = at(COMMITTED).moved(QUALIFIED).voided()
    assert "deal_collapsed" not in {c.row.kind for c in counted(story.facts)}
    (once,) = [c for c in counted(story.facts, RECORDED) if c.row.kind == "deal_collapsed"]
    assert once.voided and once.reason == "outbid"
    for reading in Reading:
        assert "move_voided" not in {c.row.kind for c in counted(story.facts, reading)}, "The lead never left."


def test_the_newest_correction_is_the_reason_that_counts() -> None:
    story = at(COMMITTED).moved(QUALIFIED)
    collapse = story.last_move
    story.corrected(collapse, "cold_feet").corrected(collapse, "life_event")
    assert ("deal_collapsed", "life_event") in told(story, CORRECTED)
    assert ("deal_collapsed", "outbid") in told(story, RECORDED)
    story.corrected(collapse, "outbid")
    assert told(story, CORRECTED) == told(story, RECORDED), "Corrected back to the first one."


def test_the_reason_of_an_assignment_counts_as_corrected() -> None:
    story = at(QUALIFIED).assigned(BEN)
    given = story.last
    story.corrected(given, "language_match")
    assert [c.reason for c in counted(story.facts) if c.row is given] == ["language_match"]
    assert [c.reason for c in counted(story.facts, RECORDED) if c.row is given] == [given.reason]


def test_many_leads_are_counted_in_one_go() -> None:
    """How many collapses had which reason? Ids are unique over all leads, so one pass over all rows will do."""
    stories = [at(COMMITTED).moved(QUALIFIED) for _ in range(3)]
    rows: list[Fact] = []
    for n, story in enumerate(stories):
        if n == 0:
            story.voided()
        if n == 1:
            story.corrected(story.last_move, "cold_feet", by=BRUNA)
        rows += [shifted(fact, 1000 * n) for fact in story.facts]

    def collapses(reading: Reading) -> Counter[str]:
        return Counter(c.reason for c in counted(rows, reading) if c.row.kind == "deal_collapsed")

    assert collapses(CORRECTED) == {"cold_feet": 1, "outbid": 1}
    assert collapses(RECORDED) == {"outbid": 3}
    assert counted(iter(rows)) == counted(rows), "A stream of rows will do as well."


def shifted(fact: Fact, by: int) -> Fact:
    return replace(fact, id=fact.id + by, target_id=fact.target_id and fact.target_id + by)


def test_both_truths_have_a_name() -> None:
    assert [r.label for r in Reading] == ["As corrected", "As first recorded"]
    assert at(ARCHIVED, agent=ANA).state.status == ARCHIVED and counted([]) == []
