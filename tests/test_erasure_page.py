"""The page that erases a person's data says beforehand what goes and what stays; and the command does the same."""

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests import proofs
from tests.factories import LeadFactory, ada, ana, ben, bruna, newest
from tests.soundness import assert_sound, nothing_written
from tests.test_erasure import bare

pytestmark = pytest.mark.django_db


def dana(**said: Any) -> Lead:
    """Two facts with words: the move to Qualified and a note."""
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=State.QUALIFIED, **said)
    service.add_note(lead_id=lead.pk, note="Has two dogs.", actor=ana(), source=Source.PAGE)
    lead.refresh_from_db()
    return lead


def at_desk(who: User) -> Client:
    desk = Client()
    desk.force_login(who)
    return desk


def address(lead: Lead) -> str:
    return reverse("lead-erase", args=[lead.pk])


def words(answer: Any) -> str:
    html = answer.content.decode()
    return re.sub(r"\s+", " ", strip_tags(html[html.index("<main") : html.index("</main>")]))


def filled(desk: Client, lead: Lead, **said: Any) -> dict[str, Any]:
    """The form as it stands, with this typed into it."""
    html = desk.get(address(lead)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return {**hidden, "reason": "erasure_requested", "reference": "DSR-2026-14", "typed": f"L-{lead.pk}", **said}


def test_it_says_what_goes_and_what_stays() -> None:
    lead = dana()
    said = words(at_desk(bruna()).get(address(lead)))
    assert "The contact data: the name, the e-mail, the phone." in said
    assert f"The lead is called “Erased lead {lead.pk}” from then on." in said
    assert "What people wrote beside 2 facts" in said
    assert f"All {lead.version} facts of the log" in said
    assert "Backups, until they are replaced" in said


def test_a_typed_number_erases_and_the_story_says_so_in_a_sentence() -> None:
    lead = dana()
    desk = at_desk(bruna())
    answer = desk.post(address(lead), filled(desk, lead), follow=True)
    assert answer.redirect_chain == [(reverse("lead", args=[lead.pk]), 302)]
    said = words(answer)
    assert "Bruna Barros erased the personal data: the words are gone, the facts stay (they asked for it)." in said
    assert f"Erased lead {lead.pk}" in said and "Dana" not in said and "two dogs" not in said
    assert "The words of this fact were erased." in said
    assert "Add a note" not in said and "Log a contact" not in said
    fact = newest(lead)
    assert fact.source == "page" and fact.data["reference"] == "DSR-2026-14"
    assert_sound(lead)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"typed": "Dana Ortiz"}, "so that nothing is erased by a slip"),
        ({"typed": ""}, "so that nothing is erased by a slip"),
        ({"reason": ""}, "Choose why these data are erased."),
        ({"reason": "outbid"}, "Choose why these data are erased."),
        ({"reference": "for Dana"}, "it must not tell who it is"),
        ({"version": ""}, "Reload it"),
    ],
)
def test_what_is_not_meant_is_not_done(said: dict[str, str], sentence: str) -> None:
    lead = dana()
    desk = at_desk(bruna())
    form = filled(desk, lead, **said)
    with nothing_written():
        answer = desk.post(address(lead), form)
    assert answer.status_code == 422 and sentence in words(answer)


def test_when_somebody_wrote_meanwhile_it_is_shown_anew_first() -> None:
    lead = dana()
    desk = at_desk(bruna())
    form = filled(desk, lead)
    service.add_note(lead_id=lead.pk, note="And a cat.", actor=ana(), source=Source.PAGE)
    with nothing_written():
        answer = desk.post(address(lead), form)
    assert answer.status_code == 409 and "beside 3 facts" in words(answer)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert desk.post(address(lead), {**form, **hidden}).status_code == 302
    lead.refresh_from_db()
    assert lead.erased_at is not None


def test_sent_twice_it_is_erased_once() -> None:
    lead = dana()
    desk = at_desk(bruna())
    form = filled(desk, lead)
    assert [desk.post(address(lead), form).status_code for _ in range(2)] == [302, 302]
    assert LeadEvent.objects.filter(lead=lead, kind=Kind.PERSONAL_DATA_ERASED).count() == 1


def test_an_agent_is_told_no_and_a_foreign_lead_is_not_there() -> None:
    lead = dana()
    with nothing_written():
        for method in ("get", "post"):
            assert getattr(at_desk(ana()), method)(address(lead)).status_code == 403
            assert getattr(at_desk(ben()), method)(address(lead)).status_code == 404
    assert "Erase personal data" not in words(at_desk(ana()).get(reverse("lead", args=[lead.pk])))
    assert "Erase personal data" in words(at_desk(ada()).get(reverse("lead", args=[lead.pk])))


def test_whoever_comes_back_to_an_open_desk_proves_first_who_they_are() -> None:
    lead = dana()
    desk = at_desk(bruna())
    form = filled(desk, lead)
    proofs.long_ago(desk, bruna())
    with nothing_written():
        for answer in (desk.get(address(lead)), desk.post(address(lead), form)):
            assert answer.status_code == 302 and answer["Location"].startswith("/accounts/reauthenticate/")


def test_a_legal_hold_is_said_and_no_form_is_offered() -> None:
    lead = dana()
    bare(lead, Kind.LEGAL_HOLD_SET)
    answer = at_desk(bruna()).get(address(lead))
    assert "A legal hold is set" in words(answer) and 'name="typed"' not in answer.content.decode()


def test_other_leads_of_the_same_person_are_named() -> None:
    lead = dana(email="dana@example.com")
    other = LeadFactory.create(name="D. Ortiz", email="dana@example.com", agent=ben())
    answer = at_desk(bruna()).get(address(lead))
    assert address(other) in answer.content.decode() and "the same e-mail or phone" in words(answer)


def test_who_was_handed_the_data_before_is_named() -> None:
    lead = dana()
    at_desk(ana()).get(reverse("lead-packet", args=[lead.pk]))
    assert "Ana Alvarez was handed the story of a lead, to print on" in words(at_desk(bruna()).get(address(lead)))


def test_erased_already_there_is_nothing_to_send() -> None:
    lead = dana()
    desk = at_desk(bruna())
    desk.post(address(lead), filled(desk, lead))
    answer = desk.get(address(lead))
    assert "no personal data of this lead are left" in words(answer) and 'name="typed"' not in answer.content.decode()


def test_every_form_of_the_lead_page_still_answers() -> None:
    lead = dana()
    desk = at_desk(bruna())
    desk.post(address(lead), filled(desk, lead))
    for name in ("lead", "lead-note", "lead-edit", "lead-contact", "lead-assign", "lead-flags", "lead-move"):
        assert desk.get(reverse(name, args=[lead.pk]), follow=True).status_code == 200, name
    with nothing_written():
        refused = desk.post(reverse("lead-note", args=[lead.pk]), {"note": "Rang."})
        edited = desk.post(reverse("lead-edit", args=[lead.pk]), {"name": "Dana", "email": "d@example.com"})
    for answer in (refused, edited):
        assert answer.status_code == 409 and "If they come back, that is a new lead." in words(answer)


# --- the command --------------------------------------------------------------------------------------------


def erase(*arguments: str, **said: Any) -> str:
    out = io.StringIO()
    call_command("erase", *arguments, stdout=out, **{"reason": "no_longer_needed", "by": "bruna", **said})
    return out.getvalue()


def test_the_command_does_the_same() -> None:
    lead, _ = dana(), bruna()
    said = erase(f"L-{lead.pk}", reference="DSR-2026-14")
    assert "contact facts erased: 3" in said and "facts whose words were erased: 2" in said
    fact = newest(lead)
    assert (fact.kind, fact.actor, fact.source) == ("personal_data_erased", bruna(), "command")
    assert erase(str(lead.pk)) == "nothing left to erase\n"


@pytest.mark.parametrize(
    ("lead", "said", "sentence"),
    [
        ("L-999999", {}, "no lead with this number"),
        ("Dana", {}, "no lead with this number"),
        ("", {"by": "nobody"}, "Nobody here has this user name"),
        ("", {"by": "ana"}, "Only a broker or an admin"),
        ("", {"reason": "whim"}, "erasure_requested"),
        ("", {"reference": "Dana"}, "must not tell who it is"),
    ],
)
def test_the_command_refuses_with_a_sentence_and_exit_code_2(lead: str, said: dict[str, str], sentence: str) -> None:
    there, _ = dana(), bruna()
    with nothing_written(), pytest.raises(CommandError, match=sentence) as refused:
        erase(lead or f"L-{there.pk}", **said)
    assert refused.value.returncode == 2
