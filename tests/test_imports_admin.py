"""The admin's pages of imports: to look at, for office admins; nothing is changed, and no file is given out."""

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import Import, ImportedRow, SavedMapping
from tests.backfilled import IMPORTED, old_lead, the_import
from tests.factories import ada, ana, bruna

pytestmark = pytest.mark.django_db


def three_rows() -> list[tuple[str, object]]:
    """An import, what came of one of its rows, a mapping; each with the name of its pages."""
    lead = old_lead(agent=ana().display_name)
    made = the_import(lead)
    Import.objects.filter(pk=made.pk).update(file=f"{made.uuid}/upload", file_name="leads.csv")
    row = ImportedRow.objects.create(of=made, line=2, outcome="created", lead=lead)
    mapping = SavedMapping.objects.create(name="Old CRM", mapping={}, actor=bruna(), saved_at=IMPORTED)
    return [("leads_import", made.pk), ("leads_importedrow", row.pk), ("leads_savedmapping", mapping.pk)]


def test_an_admin_looks_and_changes_nothing(client: Client) -> None:
    rows = three_rows()
    client.force_login(ada())
    for name, pk in rows:
        listed = client.get(reverse(f"admin:{name}_changelist"))
        page = client.get(reverse(f"admin:{name}_change", args=[pk]))
        assert (listed.status_code, page.status_code) == (200, 200)
        assert 'name="_save"' not in page.content.decode() and "deletelink" not in page.content.decode()
        assert client.get(reverse(f"admin:{name}_add")).status_code == 403
        assert client.post(reverse(f"admin:{name}_change", args=[pk]), {"source": "x"}).status_code == 403
        assert client.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 302
    assert (Import.objects.count(), ImportedRow.objects.count(), SavedMapping.objects.count()) == (1, 1, 1)


def test_the_file_is_not_given_out(client: Client) -> None:
    [(name, pk), *_] = three_rows()
    client.force_login(ada())
    said = client.get(reverse(f"admin:{name}_change", args=[pk])).content.decode()
    assert "leads.csv" in said and "upload" not in said


@pytest.mark.parametrize("who", [ana, bruna])
def test_nobody_else_enters(client: Client, who: object) -> None:
    client.force_login(who())  # type: ignore[operator]
    for name, pk in three_rows():
        assert client.get(reverse(f"admin:{name}_change", args=[pk])).status_code in (302, 403)


def test_any_text_can_be_searched_for(client: Client) -> None:
    client.force_login(ada())
    for name, _ in three_rows():
        for text in ("dana", "%", "x" * 3000, "🏡"):
            assert client.get(reverse(f"admin:{name}_changelist"), {"q": text}).status_code == 200
