"""Who may see these pages, and which import an address means."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from lifecycle.authority import authorise_import
from lifecycle.errors import NotYours

from ...models import Import, User


def check_importer(request: HttpRequest) -> User:
    """The person who asks: a broker or an admin. Everybody else gets the page for 403."""
    person = cast(User, request.user)
    try:
        authorise_import(person.as_person)
    except NotYours as refused:
        raise PermissionDenied(refused.sentence) from None
    return person


def get_import_or_404(uuid: UUID) -> Import:
    """The import of this address; an office has one list of them, whoever began it."""
    found = Import.objects.select_related("actor", "undone_by").filter(pk=uuid).first()
    if found is None:
        raise Http404("No such import.")
    return found
