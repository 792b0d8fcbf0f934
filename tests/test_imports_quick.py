"""The short way of a file: what can be told from it is taken, a person is asked for the rest, and sees it all."""

import pytest
from django.test import Client
from django.urls import reverse

from leads.imports.mapping import Mapping, read_mapping
from leads.models import Import, User
from leads.models.imports import Phase
from leads.pages.imports.steps import NAMED
from tests.factories import ana, bruna
from tests.import_drafts import draft

pytestmark = pytest.mark.django_db

HEADER = "Lead ID,Name,E-mail,Lead Status,Lead Owner,Created Time\n"
CLEAR = HEADER + "1,Dana Ortiz,dana@example.com,Contacted,{ana},2025-10-13 10:00\n2,Lee Park,lee@example.com,Won,,\n"


@pytest.fixture
def as_bruna(client: Client) -> Client:
    client.force_login(bruna())
    return client


def skip(client: Client, text: str, *, source: str = "Old CRM", **survey: object) -> tuple[Import, str]:
    """Bruna uploads a file and goes straight to the preview; out: the import, and the step on which she ends up."""
    imp = draft(text, mapping=Mapping(encoding="utf-8", delimiter=","), survey=survey)
    basis = NAMED["file"].basis(read_mapping(imp.mapping), imp.survey)
    form = {"basis": basis, "encoding": "utf-8", "delimiter": "comma", "source": source, "step": "guess"}
    answer = client.post(reverse("import-file", args=[imp.pk]), form)
    assert answer.status_code == 302, answer.content.decode()
    imp.refresh_from_db()
    return imp, answer["Location"].rstrip("/").rsplit("/", 1)[-1]


def clear() -> str:
    return CLEAR.format(ana=ana().display_name)


def test_a_file_with_nothing_to_decide_needs_no_step(as_bruna: Client) -> None:
    imp, step = skip(as_bruna, clear())
    assert (step, imp.phase) == ("duplicates", Phase.CHECKING)
    mapping = read_mapping(imp.mapping)
    assert mapping.columns["Lead ID"] == "key"
    assert dict(mapping.statuses) == {"Contacted": "CONTACTING", "Won": "CLOSED"}
    assert dict(mapping.owners) == {ana().display_name: "ana"}


@pytest.mark.parametrize(
    ("row", "step", "why"),
    [
        ("1,Dana Ortiz,,Zzyzx,,2025-10-13", "stages", "Zzyzx"),
        ("1,Dana Ortiz,,,,2025-10-13", "stages", "empty cells"),
        ("1,Dana Ortiz,,Won,Zed Zimmer,2025-10-13", "owners", "Zed Zimmer"),
        ("1,Dana Ortiz,,Won,,03/04/2025", "dates", "Day first or month first?"),
        ("1,Dana Ortiz,,Won,,2025-10-13\n2,Lee Park,,Won,,soon", "dates", "soon"),
    ],
)
def test_what_cannot_be_told_is_asked_with_a_reason(as_bruna: Client, row: str, step: str, why: str) -> None:
    imp, asked = skip(as_bruna, HEADER + row + "\n")
    assert asked == step
    assert why in as_bruna.get(reverse(f"import-{step}", args=[imp.pk])).content.decode()


def test_once_the_word_is_told_it_goes_on_by_itself(as_bruna: Client) -> None:
    imp, _ = skip(as_bruna, HEADER + "1,Dana Ortiz,,Zzyzx,,2025-10-13\n")
    basis = NAMED["stages"].basis(read_mapping(imp.mapping), imp.survey)
    answer = as_bruna.post(reverse("import-stages", args=[imp.pk]), {"basis": basis, "stage-0": "QUALIFIED"})
    imp.refresh_from_db()
    assert "Here you are needed" not in as_bruna.get(reverse("import-stages", args=[imp.pk])).content.decode()
    assert (answer["Location"], imp.phase) == (reverse("import-duplicates", args=[imp.pk]), Phase.CHECKING)


def test_a_file_without_names_stops_at_its_columns(as_bruna: Client) -> None:
    imp, step = skip(as_bruna, "Colour,Shape\nred,round\n")
    assert step == "columns"
    assert "nothing to know a lead by" in as_bruna.get(reverse("import-columns", args=[imp.pk])).content.decode()


def test_whoever_took_up_a_mapping_is_not_asked_again_about_people_of_elsewhere(as_bruna: Client) -> None:
    imp, step = skip(as_bruna, HEADER + "1,Dana Ortiz,,Won,Zed Zimmer,2025-10-13\n", saved="Weekly")
    assert (step, imp.phase) == ("duplicates", Phase.CHECKING)


def test_without_skipping_every_step_is_shown(as_bruna: Client) -> None:
    imp, _ = skip(as_bruna, clear())
    form = {"basis": "", "encoding": "utf-8", "delimiter": "comma", "source": "Old CRM"}
    answer = as_bruna.post(reverse("import-file", args=[imp.pk]), form)
    assert answer["Location"] == reverse("import-columns", args=[imp.pk])


def test_the_preview_says_how_the_file_is_understood_and_where_nobody_looked(as_bruna: Client) -> None:
    from leads.imports.phases import work_on

    imp, _ = skip(as_bruna, CLEAR.format(ana="Ana Elsewhere"), saved="Weekly")
    work_on(imp.pk)
    page = as_bruna.get(reverse("import-preview", args=[imp.pk])).content.decode()
    words = " ".join(page.split())
    assert "How the file is understood" in words and "You skipped ahead" in words
    assert "a new agent, deactivated" in words
    assert reverse("import-stages", args=[imp.pk]) in page
    assert not User.objects.filter(display_name="Ana Elsewhere").exists()


def test_where_no_row_is_here_already_nobody_is_asked_about_duplicates(as_bruna: Client) -> None:
    from leads.imports.phases import work_on

    imp, _ = skip(as_bruna, clear())
    work_on(imp.pk)
    imp.refresh_from_db()
    assert as_bruna.get(reverse("import-run", args=[imp.pk]))["Location"] == reverse("import-preview", args=[imp.pk])
    # Whoever wants to see that step still can.
    assert "None of these rows" in as_bruna.get(reverse("import-duplicates", args=[imp.pk])).content.decode()


def test_a_list_that_counts_anew_is_told_from_the_leads_that_bear_its_numbers(as_bruna: Client) -> None:
    from leads.imports.checked import check
    from leads.imports.phases import start, work_on

    people = ("Dana Ortiz", "Lee Park", "Zoe Weiss", "Ann Gray")
    rows = "".join(f"{n},{name},d{n}@example.com,Won,,2025-10-13\n" for n, name in enumerate(people))
    first, _ = skip(as_bruna, HEADER + rows)
    work_on(first.pk)
    start(Import.objects.get(pk=first.pk))
    work_on(first.pk)
    others = "".join(f"{n},Other Person {n},o{n}@example.com,Won,,2025-10-13\n" for n in range(4))
    second, _ = skip(as_bruna, HEADER + others)
    work_on(second.pk)
    page = as_bruna.get(reverse("import-duplicates", args=[second.pk])).content.decode()
    assert "4 rows bear the number of a lead of Old CRM that is here" in page
    # Under a name of their own they come in: the figures are found anew.
    third, _ = skip(as_bruna, HEADER + others, source="Old CRM deals")
    work_on(third.pk)
    third.refresh_from_db()
    assert third.counts["created"] == 4
    # Who has moved to another address is the same person.
    again, _ = skip(as_bruna, HEADER + rows.replace("@example.com", "@elsewhere.example"))
    check(again)
    work_on(again.pk)
    assert "bear the number" not in as_bruna.get(reverse("import-duplicates", args=[again.pk])).content.decode()


def test_another_name_of_the_system_makes_the_figures_stale(as_bruna: Client) -> None:
    from leads.imports.phases import work_on

    imp, _ = skip(as_bruna, clear())
    work_on(imp.pk)
    imp.refresh_from_db()
    basis = NAMED["file"].basis(read_mapping(imp.mapping), imp.survey)
    form = {"basis": basis, "encoding": "utf-8", "delimiter": "comma", "source": "Another CRM", "step": "guess"}
    as_bruna.post(reverse("import-file", args=[imp.pk]), form)
    imp.refresh_from_db()
    assert (imp.source, imp.phase) == ("Another CRM", Phase.CHECKING)


@pytest.mark.parametrize(("owner", "said"), [("Zed Zimmer", True), ("", False)])
def test_deactivated_agents_are_spoken_of_where_there_are_some(as_bruna: Client, owner: str, said: bool) -> None:
    from leads.imports.phases import start, work_on

    imp, _ = skip(as_bruna, HEADER + f"1,Dana Ortiz,,Won,{owner},2025-10-13\n", saved="Weekly")
    work_on(imp.pk)
    start(Import.objects.get(pk=imp.pk))
    work_on(imp.pk)
    page = as_bruna.get(reverse("import-run", args=[imp.pk])).content.decode()
    assert "1 lead came in" in page
    assert ("deactivated agents stay with them" in page) is said


def test_the_list_to_begin_with_comes_in_as_it_is(as_bruna: Client) -> None:
    from leads.imports.phases import start, work_on
    from leads.models import Lead

    answer = as_bruna.get(reverse("import-sample"))
    assert "attachment" in answer["Content-Disposition"]
    imp, step = skip(as_bruna, answer.content.decode("utf-8-sig"))
    mapping = read_mapping(imp.mapping)
    assert step == "duplicates" and set(mapping.columns) == set(imp.survey["header"])
    work_on(imp.pk)
    start(Import.objects.get(pk=imp.pk))
    work_on(imp.pk)
    assert set(Lead.objects.values_list("name", "status", "agent__username")) == {
        ("Maya Sample", "QUALIFIED", "bruna"),
        ("Joel Sample", "NEW", None),
    }


def test_an_agent_gets_no_list(client: Client) -> None:
    client.force_login(ana())
    assert client.get(reverse("import-sample")).status_code == 403
