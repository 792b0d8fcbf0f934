"""Mappings under a name: kept for the next file of the same system, and taken up again."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lifecycle.errors import BadInput
from lifecycle.storable import check_storable

from ...imports.drafts import is_editable
from ...imports.mapping import BadMapping, read_mapping, readable
from ...imports.receiving import fitting
from ...models import Import, SavedMapping, User
from ..told import tell
from .access import check_importer, get_import_or_404
from .steps import NAMED
from .wizard import TooLate, Wizard

_MOST = 80


def offered(wizard: Wizard) -> list[SavedMapping]:
    """The saved mappings that fit this file: all the columns that they speak of are there."""
    labels, used = set(wizard.header), wizard.survey.get("saved", "")
    saved = SavedMapping.objects.exclude(name=used)
    # One that cannot be read (another release wrote it) has no columns, and is not offered.
    return [one for one in saved if (meant := set(readable(one.mapping).columns)) and meant <= labels]


@require_POST
def import_mapping(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keeps the mapping of this import under a name (``do=save``), or takes one up that is kept (``do=use``)."""
    person = check_importer(request)
    wizard = Wizard(request, get_import_or_404(uuid), NAMED["columns"])
    try:
        sentence = _use(wizard) if request.POST.get("do") == "use" else _save(wizard, person)
    except (BadInput, BadMapping) as refused:
        tell(request, refused.sentence, kind="info")
    except TooLate:
        tell(request, gettext("This import was started already: its mapping is not changed any more."), kind="info")
    else:
        tell(request, sentence)
    return HttpResponseRedirect(_back(wizard))


def _back(wizard: Wizard) -> str:
    """The page of this import that asked."""
    asked = wizard.request.POST.get("next", "")
    own = asked.startswith(f"/import/{wizard.imp.pk}/") and url_has_allowed_host_and_scheme(asked, None)
    return asked if own else wizard.here


def _use(wizard: Wizard) -> str:
    key = wizard.request.POST.get("mapping", "")
    is_key = key.isascii() and key.isdigit() and len(key) < 18
    saved = SavedMapping.objects.filter(pk=int(key)).first() if is_key else None
    if saved is None:
        raise BadInput(gettext("That saved mapping is not there any more."))
    mapping = fitting(read_mapping(saved.mapping), wizard.header, wizard.shape)
    wizard.keep(lambda _: mapping, survey={"saved": saved.name}, answered=False)
    return gettext("“%(name)s” is filled in. Look it over: nothing of it is settled yet.") % {"name": saved.name}


def _save(wizard: Wizard, person: User) -> str:
    name = " ".join(wizard.request.POST.get("name", "").split())
    check_storable(name, "name", limit=_MOST)
    if not name or not name.isprintable():
        raise BadInput(gettext("Give the mapping a name."))
    if not wizard.mapping.columns:
        raise BadInput(gettext("There is nothing to keep yet: first say what the columns mean."))
    fields = {"mapping": wizard.imp.mapping, "header": wizard.header, "actor": person, "saved_at": timezone.now()}
    if wizard.request.POST.get("replace"):
        SavedMapping.objects.update_or_create(name=name, defaults=fields)
    else:
        try:
            with transaction.atomic():
                SavedMapping.objects.create(name=name, **fields)
        except IntegrityError:
            raise BadInput(
                gettext("There is a mapping “%(name)s” already. Choose another name, or tick that it is replaced.")
                % {"name": name}
            ) from None
    if is_editable(wizard.imp):
        _note_name(wizard, name)
    return gettext("The mapping is kept as “%(name)s”.") % {"name": name}


def _note_name(wizard: Wizard, name: str) -> None:
    # Nothing about the import itself changes, so no step has to be looked at again.
    with transaction.atomic():
        imp = Import.objects.select_for_update().filter(pk=wizard.imp.pk).first()
        if imp is not None:
            imp.survey = {**imp.survey, "saved": name}
            imp.save(update_fields=["survey"])
