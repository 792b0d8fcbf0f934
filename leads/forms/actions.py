"""The forms of a lead's page. They read what was typed; what it means is judged by the rules, under the lock."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from lifecycle.errors import Refused, StaleVersion, UuidReused
from lifecycle.events import Channel, Direction, Kind, Outcome
from lifecycle.flags import HARD_FLAGS, Flag
from lifecycle.reasons import RECONSENTED

from ..lead_page import Desk
from ..models import Lead
from .typed_time import ForgivingTextarea, RawText, TypedTimeForm

POOL = "pool"
_HIDDEN = {"uuid", "version"}


_NOTE = _("Note")


def _note(label: str | Promise = _NOTE, hint: str | Promise = "", rows: int = 2) -> RawText:
    return RawText(label=label, help_text=hint, widget=ForgivingTextarea(attrs={"rows": rows, "dir": "auto"}))


def _grouped(pairs: list[tuple[str, str]], empty: str) -> list[tuple[str, str]]:
    return [("", empty), *pairs]


class ActionForm(forms.Form):
    """In: the lead, whose desk, and what was posted (None: a fresh form with a new uuid).

    ``uuid`` makes a double submit one event; ``version`` is what the person saw.
    """

    name: ClassVar[str]
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, lead: Lead, desk: Desk, data: QueryDict | None = None, **initial: Any) -> None:
        first = {"uuid": uuid4(), "version": lead.version, **initial}
        super().__init__(data, initial=first, auto_id=f"{self.name}-%s", use_required_attribute=False)
        self.lead, self.desk = lead, desk
        self.prepare()

    def prepare(self) -> None:
        """Fills the choices that depend on the lead and on who looks."""

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal at the field that it speaks of, or over the form, and keeps what was typed."""
        field = refused.field if refused.field in self.fields and refused.field not in _HIDDEN else None
        self.add_error(field, refused.sentence)
        if isinstance(refused, UuidReused):
            self.renew(uuid=uuid4())

    def renew(self, **values: Any) -> None:
        """Sets hidden values anew, so that pressing the button once more can succeed."""
        now = self.data.dict() if isinstance(self.data, QueryDict) else self.data
        self.data = {**now, **{name: str(value) for name, value in values.items()}}

    def catch_up(self) -> None:
        """After a stale answer: what the form knows of the lead is what the lead is now."""
        self.renew(version=self.lead.version)


class ContactForm(TypedTimeForm, ActionForm):
    """A call, an e-mail, a text or a meeting."""

    name = "contact"
    direction = forms.ChoiceField(
        widget=forms.RadioSelect,
        required=False,
        initial=Direction.OUTBOUND.value,
        label=_("Who reached whom?"),
    )
    channel = forms.ChoiceField(
        widget=forms.RadioSelect,
        required=False,
        initial=Channel.CALL.value,
        label=_("How?"),
    )
    outcome = forms.ChoiceField(
        widget=forms.RadioSelect,
        required=False,
        label=_("What came of it?"),
    )
    override_reason = RawText(
        label=_("Why contact them all the same?"),
        help_text=_("They asked not to be contacted. Your reason stays on record."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    note = _note()

    def prepare(self) -> None:
        """The override is asked only of a lead that must not be contacted."""
        for name, words in (("direction", Direction), ("channel", Channel), ("outcome", Outcome)):
            self.fields[name].choices = [(word.value, word.label) for word in words]  # type: ignore[attr-defined]
        if not self.lead.dnc:
            del self.fields["override_reason"]
        self.prepare_time()


class AssignForm(ActionForm):
    """To an agent, to oneself, or back to the pool."""

    name = "assign"
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("This page is too old. Reload it and try again.")),
    )
    to_agent = forms.ChoiceField(
        label=_("To whom?"),
        error_messages={
            "required": _("Choose who takes this lead."),
            "invalid_choice": _("You cannot give this lead to them. Choose somebody from the list."),
        },
    )
    reason = forms.ChoiceField(
        required=False,
        label=_("Why?"),
        error_messages={"invalid_choice": _("This reason does not belong here. Choose one from the list.")},
    )
    note = _note()

    def prepare(self) -> None:
        """An agent takes from the pool for themselves; from their own hand, and for a broker, it goes to anybody."""
        people = [u for u in self.desk.colleagues if u.pk != self.lead.agent_id]
        if self.is_claim:
            people = [u for u in people if u.pk == self.desk.viewer.pk]
        choices = [(str(u.pk), gettext("Me") if u.pk == self.desk.viewer.pk else u.display_name) for u in people]
        if self.lead.agent_id is not None:
            choices.append((POOL, gettext("The pool, nobody for now")))
        to_agent, reason = self.fields["to_agent"], self.fields["reason"]
        to_agent.choices = choices if self.is_claim else _grouped(choices, gettext("Choose"))  # type: ignore[attr-defined]
        offered = [(r.code, r.label) for r in self.desk.reasons_for(Kind.AGENT_ASSIGNED)]
        reason.choices = _grouped(offered, gettext("Choose"))  # type: ignore[attr-defined]
        if self.is_claim:
            reason.initial = "initial_routing"

    @property
    def is_claim(self) -> bool:
        """Whether an agent looks at a lead of the pool."""
        return self.lead.agent_id is None and not self.desk.viewer.is_broker

    def clean(self) -> dict[str, Any]:
        """Back to the pool explains itself when nothing else is said."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("to_agent") == POOL and not cleaned.get("reason"):
            cleaned["reason"] = "returned_to_pool"
        return cleaned

    def chosen(self) -> Any:
        """The user to whom the lead goes; None for the pool."""
        wanted = self.cleaned_data["to_agent"]
        return next((u for u in self.desk.colleagues if str(u.pk) == wanted), None)


class FlagForm(ActionForm):
    """Sets one of the flags that are not set, or clears one that is."""

    on: ClassVar[str]
    flag = forms.ChoiceField(
        label=_("Flag"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a flag from the list.")),
    )
    reason = forms.ChoiceField(
        required=False,
        label=_("How do you know?"),
        error_messages={"invalid_choice": _("This reason does not belong here. Choose one from the list.")},
    )
    note = _note(hint=_("Best in their own words."))

    def prepare(self) -> None:
        """The lists of flags and reasons. A flag that is so already stays choosable: saying so is no mistake."""
        setting = self.on == "1"
        here = [f for f in Flag if getattr(self.lead, f.value) != setting]
        offered = list(Flag) if self.is_bound else here
        flag, reason = self.fields["flag"], self.fields["reason"]
        flag.choices = _grouped([(f.value, f.label) for f in offered], gettext("Choose"))  # type: ignore[attr-defined]
        flag.initial = here[0].value if len(here) == 1 else ""
        kind = Kind.FLAG_SET if setting else Kind.FLAG_CLEARED
        offered_reasons = [(r.code, r.label) for r in self.desk.reasons_for(kind) if r.code != "import"]
        reason.choices = _grouped(offered_reasons, gettext("Choose"))  # type: ignore[attr-defined]
        hard = any(f in HARD_FLAGS for f in here)
        if not setting and hard and not self.desk.viewer.is_broker:
            known = self.desk.reasons.get(RECONSENTED)
            words = known.label if known else RECONSENTED
            reason.help_text = gettext(
                "“Do not contact” and “Unsubscribed” need “%(reason)s” and their own words as the note."
            ) % {"reason": words}
        self.is_offered = bool(here)


class SetFlagForm(FlagForm):
    name = "setflag"
    on = "1"


class ClearFlagForm(FlagForm):
    name = "clearflag"
    on = "0"


class NoteForm(ActionForm):
    """A note, a reference to a document, or both."""

    name = "note"
    note = _note(_("What should be remembered?"), _("Facts about the deal, not about people."), rows=3)
    document = RawText(
        label=_("Document"),
        help_text=_("An id, a link or a file name, for example of the signed agreement."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class EditForm(ActionForm):
    """The contact facts. The log learns which of them changed, never their values.

    Every field sends along what it showed, so that only what the person changed is written: whoever has the form open
    while a colleague corrects the phone does not put the old number back.
    """

    name = "edit"
    FIELDS = ("name", "email", "phone", "headline", "address")

    def prepare(self) -> None:
        """One text field a fact, as it stands on the lead."""
        rows = (
            ("name", gettext("Name"), "text"),
            ("phone", gettext("Phone"), "tel"),
            ("email", gettext("E-mail"), "email"),
            ("headline", gettext("What they want"), "text"),
            ("address", gettext("Address"), "text"),
        )
        for name, label, kind in rows:
            widget = forms.TextInput(attrs={"type": kind, "autocomplete": "off", "dir": "auto"})
            self.fields[name] = RawText(
                label=label, initial=getattr(self.lead, name), widget=widget, show_hidden_initial=True
            )
        if self.is_bound:  # A program that sends no such thing changes what stands there now.
            self.renew(**{_shown(n): self.data.get(_shown(n), getattr(self.lead, n)) for n in self.FIELDS})

    def typed(self) -> dict[str, str]:
        """The facts that the person changed, as typed; a field that was not sent at all stays as it is."""
        return {n: self.cleaned_data[n] for n in self.FIELDS if n in self.data and self._is_changed(n)}

    def _is_changed(self, name: str) -> bool:
        # A browser's line of text has no line ends, even where the lead has some.
        return _one_line(self.cleaned_data[name]) != _one_line(self.data[_shown(name)])

    def check_unchanged(self, lead: Lead) -> None:
        """Raises ``StaleVersion`` when a fact that the person changed is another one now than the form showed."""
        self.lead = lead
        others = [n for n in self.typed() if getattr(lead, n) not in (self.data[_shown(n)], self.cleaned_data[n])]
        if others:
            said = [_meanwhile(n, getattr(lead, n)) for n in others]
            said.append(gettext("Nothing of yours was saved; look and save again."))
            raise StaleVersion(" ".join(said), field=others[0])

    def catch_up(self) -> None:
        """What was typed stays; every other field shows what the lead has now."""
        changed = self.typed()
        here = {name: getattr(self.lead, name) for name in self.FIELDS}
        self.renew(**{n: v for n, v in here.items() if n not in changed}, **{_shown(n): v for n, v in here.items()})


def _shown(name: str) -> str:
    return f"initial-{name}"


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")


#: What is said of a fact that a colleague changed, or removed, while the form was open.
_MEANWHILE = {
    "name": (
        gettext_noop("The name was changed meanwhile to “%(now)s”."),
        gettext_noop("The name was removed meanwhile."),
    ),
    "phone": (
        gettext_noop("The phone was changed meanwhile to “%(now)s”."),
        gettext_noop("The phone was removed meanwhile."),
    ),
    "email": (
        gettext_noop("The e-mail was changed meanwhile to “%(now)s”."),
        gettext_noop("The e-mail was removed meanwhile."),
    ),
    "headline": (
        gettext_noop("“What they want” was changed meanwhile to “%(now)s”."),
        gettext_noop("“What they want” was removed meanwhile."),
    ),
    "address": (
        gettext_noop("The address was changed meanwhile to “%(now)s”."),
        gettext_noop("The address was removed meanwhile."),
    ),
}


def _meanwhile(name: str, value: str) -> str:
    changed, removed = _MEANWHILE[name]
    return gettext(changed) % {"now": value} if value else gettext(removed)
