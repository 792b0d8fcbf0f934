"""What the admin lets nobody do, whoever they are: each thing tried with a form at which nothing else is wrong."""

from typing import Any

import pytest

from leads.models import User
from lifecycle.models import LeadEvent, OfficeSettings
from tests.doors.door import Door, body, everything, session_of, taken_back, writing
from tests.doors.office import Office
from tests.factories import ada, ben

pytestmark = pytest.mark.django_db

#: Everything that is looked at and never changed or taken away there.
FOR_EVER = ("lifecycle/leadevent", "leads/import", "leads/importedrow", "leads/savedmapping", "leads/trace")


@pytest.mark.parametrize("who", ["Ada", "Sue"])
@pytest.mark.parametrize("model", FOR_EVER)
def test_what_is_for_ever_is_neither_added_nor_changed_nor_taken_away(office: Office, who: str, model: str) -> None:
    door, before = Door(office.sessions[who]), everything()
    pk = {"leadevent": LeadEvent.objects.latest("pk").pk, "import": office.done.pk, "importedrow": office.row.pk}
    pk["trace"] = office.trace.pk
    one = pk.get(model.split("/")[1], office.mapping.pk)
    for part in (f"{one}/change/", f"{one}/delete/", "add/", ""):
        said = {"kind": "note_added", "reason": "other", "file_name": "x", "name": "x", "outcome": "created"}
        answer: Any = door.ask("POST", f"/admin/{model}/{part}", {**said, "post": "yes", "action": "delete_selected"})
        assert answer.status_code in (200, 302, 403), part
    assert everything() == before


def test_an_admin_changes_neither_a_superuser_nor_the_password_of_one(office: Office) -> None:
    door, sue = Door(office.sessions["Ada"]), office.people["Sue"].pk
    before = everything()
    said = {"display_name": "Mine", "username": "mine", "role": "agent", "usable_password": "true"}
    words = {"password1": "a long enough secret", "password2": "a long enough secret"}
    for part in ("change", "password"):
        answer: Any = door.ask("POST", f"/admin/leads/user/{sue}/{part}/", {**said, **words})
        assert answer.status_code == 403
    assert everything() == before


def test_nobody_is_made_a_superuser_by_a_form(office: Office) -> None:
    with taken_back():
        path = f"/admin/leads/user/{office.people['Bruna'].pk}/change/"
        fine = {"username": "bruna", "display_name": "Bruna B", "role": "broker", "time_zone": "", "is_active": "on"}
        more = {"is_superuser": "on", "is_staff": "on", "user_permissions": "1"}
        answer: Any = Door(office.sessions["Ada"]).ask("POST", path, {**fine, **more})
        bruna = User.objects.get(username="bruna")
        assert answer.status_code == 302 and bruna.display_name == "Bruna B"
        assert not bruna.is_superuser and not bruna.is_staff and not bruna.user_permissions.exists()


def test_the_admin_has_no_login_of_its_own(office: Office) -> None:
    """It would let an admin try passwords of others, without a limit and past a second factor."""
    sue = office.people["Sue"]
    with taken_back():
        sue.set_password("a long enough secret")
        sue.save()
        said = {"username": "sue", "password": "a long enough secret", "next": "/admin/"}
        answer: Any = Door(office.sessions["Ada"]).ask("POST", "/admin/login/", said)
    assert answer.status_code == 302 and answer["Location"] == "/admin/"
    assert "hindsight_session" not in answer.cookies


def test_a_look_at_the_settings_of_a_new_office_writes_nothing() -> None:
    OfficeSettings.objects.all().delete()
    door = Door(session_of(ada()))
    with writing() as wrote:
        assert door.ask("GET", "/admin/lifecycle/officesettings/").status_code == 302
        page = door.ask("GET", "/admin/lifecycle/officesettings/1/change/")
        assert page.status_code == 200 and b"Our office" in body(page)
    assert wrote == [] and not OfficeSettings.objects.exists()
    fresh = OfficeSettings.load()
    said = {f.name: getattr(fresh, f.name) for f in OfficeSettings._meta.fields if f.name != "id"}
    answer: Any = door.ask("POST", "/admin/lifecycle/officesettings/1/change/", {**said, "name": "Harbour Homes"})
    assert answer.status_code == 302 and OfficeSettings.load().name == "Harbour Homes"
    assert OfficeSettings.objects.count() == 1


def test_who_is_no_admin_of_the_office_is_told_so(office: Office) -> None:
    assert ben() == office.people["Ben"]
    for who in ("Ana", "Bruna"):
        door = Door(office.sessions[who])
        to = door.ask("GET", "/admin/leads/user/")["Location"]
        assert door.ask("GET", to).status_code == 403
