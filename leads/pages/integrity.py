"""Is the record whole? For brokers and admins; the newest checkpoint to keep; the auditor's pack of a lead."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lifecycle.models import Checkpoint
from lifecycle.proof.evidence import NoEvidence

from ..access import get_visible_lead_or_404
from ..lead_page import desk_for
from ..models import User, What
from ..proof.files import file_name
from ..proof.integrity import read_integrity
from ..proof.keys import NoKey, public_keys
from ..proof.pack import pack
from ..traces import gives_files


@never_cache
@require_safe
def integrity(request: HttpRequest) -> HttpResponse:
    """The last look at the log, the guards, the newest checkpoint."""
    return render(request, "proof/integrity.html", {"whole": read_integrity(desk_for(_broker(request)))})


@never_cache
@require_safe
def checkpoint_file(request: HttpRequest, number: int) -> HttpResponse:
    """A checkpoint, to keep elsewhere. It holds nobody's name."""
    _broker(request)
    found = Checkpoint.objects.filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404("No such checkpoint.")
    answer = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gives_files(What.PACK)
def lead_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """What the auditor's pack of a lead holds; posted, the pack itself."""
    viewer = _broker(request)
    lead = get_visible_lead_or_404(viewer, pk)
    newest = Checkpoint.objects.order_by("-number").first()
    facts = lead.events.count()
    covered = lead.events.filter(id__lte=newest.upto).count() if newest else 0
    context = {"lead": lead, "newest": newest, "facts": facts, "covered": covered, "newer": facts - covered}
    if request.method != "POST":
        return render(request, "proof/lead.html", context)
    try:
        name, content = pack(lead, desk_for(viewer), public_keys([])[0])
    except (NoEvidence, NoKey):
        refused = _("There is no pack yet: somebody who looks after the server has to make a checkpoint first.")
        return render(request, "proof/lead.html", {**context, "refused": refused}, status=409)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _broker(request: HttpRequest) -> User:
    viewer = cast(User, request.user)
    if not viewer.is_broker:
        raise PermissionDenied("The proof is for brokers.")
    return viewer
