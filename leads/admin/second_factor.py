"""Whoever lost the phone: an admin takes the second step off, and the admin's log says so."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import User
from ..second_factor import steps_of, take_off
from ..step_up import prove_identity
from .rights import OfficeAdmin


class SecondFactorAdmin(OfficeAdmin):
    """What the page of a person says of their second step, and the page that takes it off."""

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/second-step/",
            self.admin_site.admin_view(self.take_second_step_off),
            name="leads_user_second_step",
        )
        return [own, *super().get_urls()]

    @admin.display(description=_("second step"))
    def second_step(self, person: User) -> str:
        """What is set up, and the way to take it off."""
        steps = steps_of(person)
        if not steps:
            return gettext("none")
        address = reverse("admin:leads_user_second_step", args=[person.pk])
        said = get_text_list(steps, gettext("and"))
        return format_html('{} · <a href="{}">{}</a>', said, address, gettext("Take it off, the phone is lost"))

    def take_second_step_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once more; on POST everything is taken off. One's own is on one's own page."""
        person = User.objects.filter(pk=pk).first()
        if person is None:
            raise Http404("Nobody of this number.")
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:
            return HttpResponseRedirect(reverse("mfa_index"))
        prove_identity(request)
        if request.method == "POST":
            return self._take_off(request, person)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Take the second step off"),
            "person": person,
            "steps": get_text_list(steps_of(person), gettext("and")),
        }
        return TemplateResponse(request, "admin/leads/user/second_step.html", context)

    def _take_off(self, request: HttpRequest, person: User) -> HttpResponse:
        back = HttpResponseRedirect(reverse("admin:leads_user_change", args=[person.pk]))
        steps = take_off(person)
        if not steps:
            messages.info(request, gettext("%(name)s has no second step.") % {"name": person.display_name})
            return back
        said = gettext("Took the second step of %(name)s off (%(steps)s) and ended every login of theirs.") % {
            "name": person.display_name,
            "steps": get_text_list(steps, gettext("and")),
        }
        self.log_change(request, person, said)
        get_adapter().send_notification_mail("account/email/second_step_taken_off", person)
        messages.success(request, said)
        return back
