"""The form of a bulk reassignment: which of the leads, to whom, and why."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from lifecycle.errors import Refused
from lifecycle.events import Kind
from lifecycle.service.bulk import check_assignment

from ..bulk.choice import ALL, OPEN
from ..bulk.leaving import DEPARTED
from ..lead_page import Desk
from ..models import User
from .typed_time import ForgivingTextarea, RawText

ONE, SHARE, POOL = "one", "share", "pool"
#: What the steps hand on to one another.
CARRIED = ("which", "to", "taker", "reason", "note")
_NOT_OFFERED = _("Choose somebody from the list.")


class ReassignForm(forms.Form):
    """In: the desk of whoever reassigns; what was posted (None: nothing yet), or what to begin with.

    ``leaving`` leaves the office: this person takes none of the leads, and that is the reason to begin with.
    """

    which = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Which of them?"))
    to = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("To whom?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who takes these leads.")),
    )
    taker = forms.ChoiceField(required=False, label=_("Agent"), error_messages={"invalid_choice": _NOT_OFFERED})
    takers = forms.MultipleChoiceField(
        required=False,
        label=_("Agents who share them"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_list"), _NOT_OFFERED),
    )
    reason = forms.ChoiceField(
        required=False,
        label=_("Why?"),
        error_messages={"invalid_choice": _("This reason does not belong here. Choose one from the list.")},
    )
    note = RawText(
        label=_("Note"),
        help_text=_("It stands in the history of every one of these leads."),
        widget=ForgivingTextarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, desk: Desk, data: QueryDict | None = None, leaving: int | None = None, **initial: Any) -> None:
        first = {"which": OPEN, "to": ONE, "reason": DEPARTED if leaving else "", **initial}
        super().__init__(data, initial=first, auto_id="reassign-%s", use_required_attribute=False)
        self.desk = desk
        people = [(str(u.pk), self._name(u)) for u in desk.colleagues if u.pk != leaving]
        reasons = [(r.code, r.label) for r in desk.reasons_for(Kind.AGENT_ASSIGNED)]
        choices: dict[str, list[tuple[str, str]]] = {
            "which": [(OPEN, gettext("Open leads only")), (ALL, gettext("Closed, archived and trashed ones too"))],
            "to": [
                (ONE, pgettext("who takes many leads", "One agent")),
                (SHARE, pgettext("who takes many leads", "Shared in turn among several agents")),
                (POOL, pgettext("who takes many leads", "The pool, nobody for now")),
            ],
            "taker": [("", gettext("Choose")), *people],
            "takers": people,
            "reason": [("", gettext("Choose")), *reasons],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def _name(self, person: User) -> str:
        me = person.pk == self.desk.viewer.pk
        return gettext("%(name)s (me)") % {"name": person.display_name} if me else person.display_name

    def clean(self) -> dict[str, Any]:
        """Who takes them, and whether the reason holds. Back to the pool explains itself when nothing else is said."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        to = typed.get("to")
        if to == ONE and not typed.get("taker") and "taker" not in self.errors:
            self.add_error("taker", gettext("Choose who takes these leads."))
        if to == SHARE and len(typed.get("takers") or []) < 2 and "takers" not in self.errors:
            self.add_error("takers", gettext("Choose at least two agents, or give all to one."))
        if to == POOL and not typed.get("reason") and "reason" not in self.errors:
            typed["reason"] = "returned_to_pool"
        if "reason" not in self.errors:
            self._check_reason(typed)
        return typed

    def _check_reason(self, typed: dict[str, Any]) -> None:
        try:
            check_assignment(actor=self.desk.viewer, reason=typed.get("reason", ""), note=typed.get("note", ""))
        except Refused as refused:
            self.add_refusal(refused)

    def takes(self) -> list[User | None]:
        """Who takes them, in the order of their turn; ``[None]`` for the pool."""
        typed = self.cleaned_data
        if typed["to"] == POOL:
            return [None]
        wanted = {typed["taker"]} if typed["to"] == ONE else set(typed["takers"])
        return [u for u in self.desk.colleagues if str(u.pk) in wanted]

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal at the field that it speaks of, or over the form."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)

    def carried(self) -> list[tuple[str, str]]:
        """What was chosen, for the hidden fields of the next step."""
        typed = self.cleaned_data
        return [*((name, typed[name]) for name in CARRIED), *(("takers", pk) for pk in typed["takers"])]
