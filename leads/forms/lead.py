"""The form for a new lead."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.errors import Refused, UuidReused
from lifecycle.events import Inquiry

from ..models import Lead, User
from .actions import POOL
from .typed_time import ForgivingTextarea, RawText, TypedTimeForm

FACTS = ("name", "email", "phone", "headline", "address")


def _line(label: str | Promise, kind: str = "text", hint: str | Promise = "") -> RawText:
    widget = forms.TextInput(attrs={"type": kind, "autocomplete": "off", "dir": "auto"})
    return RawText(label=label, help_text=hint, widget=widget)


class NewLeadForm(TypedTimeForm):
    """In: who enters the lead, the agents who may get it, what was posted (None: a fresh form), what is known."""

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = _line(_("Name"))
    email = _line(_("E-mail"), "email", _("One of the two is enough."))
    phone = _line(_("Phone"), "tel", _("In any notation."))
    inquiry = forms.ChoiceField(
        label=_("How did they find us?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose where this lead came from.")),
    )
    headline = _line(_("What they want"), hint=_("One line, such as: 3-bed in Alameda, pre-approved."))
    address = _line(_("Address"))
    agent = forms.ChoiceField(
        label=_("Who takes it?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose somebody from the list, or the pool.")),
    )
    note = RawText(label=_("Note"), widget=ForgivingTextarea(attrs={"rows": 3, "dir": "auto"}))

    def __init__(
        self,
        viewer: User,
        colleagues: list[User],
        data: QueryDict | None = None,
        *,
        known: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        first = {"uuid": uuid4(), "agent": POOL if viewer.is_broker else str(viewer.pk), **known}
        super().__init__(data, initial=first, auto_id="new-%s", use_required_attribute=False)
        self.viewer, self.colleagues = viewer, colleagues
        mine = [(str(viewer.pk), gettext("Me"))] if viewer.is_active else []
        others = [(str(u.pk), u.display_name) for u in colleagues if u.pk != viewer.pk] if viewer.is_broker else []
        self.fields["agent"].choices = [*mine, (POOL, gettext("The pool, nobody yet")), *others]  # type: ignore[attr-defined]
        sources = [(i.value, i.label) for i in Inquiry if i != Inquiry.IMPORT]
        self.fields["inquiry"].choices = [("", gettext("Choose")), *sources]  # type: ignore[attr-defined]
        self.fields["occurred_at"].label = gettext("When did the inquiry arrive?")
        self.prepare_time()

    def clean(self) -> dict[str, Any]:
        """Everything that is missing or no contact fact, at once; the rules would name one after the other."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name in FACTS:
            try:
                Lead.cleaned_contact({name: typed.get(name, "")})
            except Refused as refused:
                self.add_refusal(refused)
        if not typed.get("email", "x").strip() and not typed.get("phone", "x").strip():
            self.add_error("email", gettext("Enter an e-mail or a phone number, so that somebody can answer."))
        return typed

    def lead(self) -> Lead:
        """An unsaved lead with the contact facts as typed."""
        return Lead(**{name: self.cleaned_data[name] for name in FACTS})

    def chosen_agent(self) -> Any:
        """The user who gets the lead; None for the pool."""
        wanted = self.cleaned_data["agent"]
        return next((u for u in self.colleagues if str(u.pk) == wanted), None)

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal at the field that it speaks of, or over the form; everything typed stays."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
        if isinstance(refused, UuidReused):
            self.data = {**self.data.dict(), "uuid": str(uuid4())}  # type: ignore[attr-defined]
