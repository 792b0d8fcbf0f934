"""The people of the office: added, renamed, given a role, deactivated."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lifecycle.service.accounts import hold_writers_off

from ..board.departed import open_leads_of
from ..models import Role, User
from ..sessions import end_sessions
from ..step_up import prove_identity
from .rights import NEVER_DELETED
from .second_factor import SecondFactorAdmin

#: Who changes one of these opens a door to somebody, or shuts it: a letter to a new password goes to the e-mail.
DOORS = frozenset({"username", "email", "role", "is_active"})


class _PersonRules:
    """What both forms of a person check."""

    def clean_display_name(self) -> str:
        name: str = self.cleaned_data["display_name"].strip()  # type: ignore[attr-defined]
        if not name:
            raise forms.ValidationError(gettext("Everybody sees this name; it cannot be empty."))
        return name


class PersonCreationForm(_PersonRules, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "display_name", "email", "role", "time_zone")


class PersonChangeForm(_PersonRules, UserChangeForm):
    viewer: Any = None

    class Meta:
        model = User
        fields = ("username", "display_name", "email", "role", "time_zone", "is_active")

    def clean_is_active(self) -> bool:
        """Whoever holds open leads hands them on before the account is closed; imports may leave some behind."""
        stays = bool(self.cleaned_data["is_active"])
        if not stays and self.initial.get("is_active") and (held := open_leads_of(self.instance)):
            raise forms.ValidationError(_hand_on_first(self.instance, held))
        return stays

    def clean(self) -> dict[str, Any]:
        """Nobody locks themselves out: another admin has to do that."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk == getattr(self.viewer, "pk", None):
            stays = cleaned.get("is_active") and (self.instance.is_superuser or cleaned.get("role") == Role.ADMIN)
            if not stays:
                raise forms.ValidationError(gettext("You cannot take your own access away. Ask another admin."))
        return cleaned


def _hand_on_first(person: User, held: int) -> SafeString:
    """The sentence that refuses to close an account, with the way to what has to be done before."""
    said = ngettext(
        "%(name)s still holds %(n)s open lead. Hand it on first, then take the tick off.",
        "%(name)s still holds %(n)s open leads. Hand them on first, then take the tick off.",
        held,
    )
    address = f"{reverse('reassign')}?which=open&leaving=1&agent={person.pk}"
    words = said % {"name": person.display_name, "n": held}
    at_once = gettext("Or do both at once")
    ways = (address, gettext("Reassign them"), reverse("let-go", args=[person.pk]), at_once)
    return format_html('{} <a href="{}">{}</a> <a href="{}">{}</a>', words, *ways)


def _tell_of_password(request: HttpRequest, person: User) -> None:
    """A letter where the password is another one now. The password is not in it."""
    before = person.password
    person.refresh_from_db(fields=["password"])
    if person.password == before:
        return
    whose = "password_changed" if person == request.user else "password_set_by_admin"
    opened = {"opened": person.has_usable_password()}
    get_adapter().send_notification_mail(f"account/email/{whose}", person, opened)


@admin.register(User)
class PersonAdmin(SecondFactorAdmin, UserAdmin):
    """People are added, renamed, given a role, deactivated. Rights beyond the role are not handed out here.

    A new account, a role, a password, a user name, an e-mail, an account closed or opened: before these an admin proves
    who is there.
    """

    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ("display_name", "username", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    ordering = ("display_name",)
    search_fields = ("display_name", "username", "email")
    readonly_fields = ("last_login", "date_joined", "second_step")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("display_name", "username", "password", "email", "role", "time_zone")}),
        (
            _("Access"),
            {"fields": ("is_active", "second_step", "last_login", "date_joined"), "description": NEVER_DELETED[User]},
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("display_name", "username", "email", "role", "time_zone")}),
        (_("Password"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser is changed by a superuser only."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Asked before the form is filled in, not after."""
        if self.has_add_permission(request):
            prove_identity(request)
        return super().add_view(request, form_url, extra_context)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Somebody's password: asked before it is typed, and a letter tells them. Whoever may not change the person is
        told so by Django."""
        person: User | None = self.get_object(request, unquote(id))
        if self.has_change_permission(request, person):
            prove_identity(request)
        answer = super().user_change_password(request, id, form_url)
        if person is not None and request.method == "POST":
            _tell_of_password(request, person)
        return answer

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """What opens or shuts a door wants a proof; whoever is deactivated is logged in nowhere from then on."""
        if DOORS & set(form.changed_data):
            prove_identity(request)
        super().save_model(request, obj, form, change)
        if change and not obj.is_active and "is_active" in form.changed_data:
            end_sessions(obj)
        if change and "email" in form.changed_data:
            # django-allauth keeps addresses that letters went to, and would go on sending new passwords there.
            EmailAddress.objects.filter(user=obj).delete()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """While an account may be closed nobody writes: else a lead could come to it between the look and the save."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            hold_writers_off()
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            form.viewer = request.user
        return form
