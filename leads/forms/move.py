"""The form of a move: it asks exactly what the kind of move needs, and judges nothing that the rules judge."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, pgettext

from lifecycle.errors import Refused
from lifecycle.events import Channel, Kind, Outcome
from lifecycle.models import ReasonCode
from lifecycle.reasons import DUPLICATE_OF, Reason
from lifecycle.states import State
from lifecycle.transitions import Need, Transition

from ..access import seen_by
from ..models import Lead, User
from .reasons import grouped
from .typed_time import ForgivingTextarea, RawText, TypedTimeForm

_NOTE_HINT = gettext_noop("Facts about the deal, not about people.")
_ONE_SENTENCE = gettext_noop("In a sentence. Facts about the deal, not about people.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the dialog says for one kind of move: its question, its button, and about its note. Marked, not spoken."""

    question: str
    button: str
    note: str = gettext_noop("Note")
    note_hint: str = _NOTE_HINT


WORDINGS: dict[Kind, Wording] = {
    Kind.CONTACT_ATTEMPTED: Wording(
        gettext_noop("Log the first contact with %(name)s"), gettext_noop("Log contact and move")
    ),
    Kind.BOGUS_CONTACT_DETECTED: Wording(gettext_noop("Why does %(name)s go to Trashed?"), gettext_noop("Trash")),
    Kind.MOTIVATION_CONFIRMED: Wording(
        gettext_noop("Qualify %(name)s"),
        gettext_noop("Qualify"),
        gettext_noop("What confirmed it?"),
        gettext_noop("What they want, when, and how they pay."),
    ),
    Kind.BUYER_AGREEMENT_SIGNED: Wording(
        gettext_noop("%(name)s signed the buyer's agreement"), gettext_noop("Move to Committed")
    ),
    Kind.ARCHIVED_MANUALLY: Wording(gettext_noop("Why is %(name)s archived?"), gettext_noop("Archive")),
    Kind.CONTRACT_EXECUTED: Wording(gettext_noop("%(name)s is in contract"), gettext_noop("Move to In contract")),
    Kind.DEAL_COLLAPSED: Wording(
        gettext_noop("Why is %(name)s going back?"),
        gettext_noop("Record and move back"),
        gettext_noop("What happened?"),
        _ONE_SENTENCE,
    ),
    Kind.CLOSING_COMPLETED: Wording(gettext_noop("%(name)s closed"), gettext_noop("Close")),
    Kind.CONTRACT_VOIDED: Wording(
        gettext_noop("Why was the contract of %(name)s voided?"),
        gettext_noop("Record and move back"),
        gettext_noop("What happened?"),
        _ONE_SENTENCE,
    ),
    Kind.LEAD_RE_ENGAGED: Wording(gettext_noop("What brought %(name)s back?"), gettext_noop("Re-engage")),
    Kind.CONTACT_INFO_UPDATED: Wording(
        gettext_noop("Correct the contact data of %(name)s"), gettext_noop("Correct and move to New")
    ),
}

_NOTE_REQUIRED = {Kind.MOTIVATION_CONFIRMED, Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED}


class MoveForm(TypedTimeForm):
    """In: the posted values (or None), the lead, the transition that is asked about, who asks."""

    to = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    submitted = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, lead: Lead, move: Transition, *, viewer: User, back: str = "") -> None:
        first = {"to": move.to_status.value, "version": lead.version, "uuid": uuid4(), "next": back, "submitted": "1"}
        super().__init__(data, initial=first, auto_id="move-%s", use_required_attribute=False)
        self.lead, self.move, self.viewer = lead, move, viewer
        self.wording = WORDINGS[move.kind]
        self.reasons = _reasons_for(move.kind) if Need.REASON in move.needs else []
        self._add_fields()

    # ---- which fields

    def _add_fields(self) -> None:
        needs, kind = self.move.needs, self.move.kind
        if Need.CONTACT in needs:
            self._add_contact_fields()
        if Need.CONTACT_DATA in needs:
            self._add_contact_data_fields()
        if Need.REASON in needs:
            self.fields["reason"] = forms.CharField(required=False, label=gettext("Reason"), strip=True)
        if kind == Kind.BOGUS_CONTACT_DETECTED:
            self.fields["duplicate_of"] = forms.CharField(
                required=False, max_length=220, label=gettext("The lead that this one repeats"),
                help_text=gettext("Its key, such as L-42. Only for “Duplicate of another lead”."),
            )  # fmt: skip
        if kind == Kind.ARCHIVED_MANUALLY and not self.lead.dnc:
            self.fields["also_dnc"] = forms.ChoiceField(
                required=False, label=gettext("Also set “Do not contact”?"), choices=_dnc_choices(),
                help_text=gettext("When they asked not to be contacted: no automated outreach on any channel."),
            )  # fmt: skip
        if Need.CLOSING_DATE in needs:
            today = timezone.localdate().isoformat()
            self.fields["closing_date"] = forms.DateField(
                required=False, label=gettext("Closing date"), initial=today,
                widget=forms.DateInput(attrs={"type": "date", "max": today, "class": "field-short"}),
                error_messages={"invalid": gettext("That is not a date. Type it like 2026-11-20.")},
            )  # fmt: skip
        if Need.DOCUMENT in needs or Need.CLOSING_DATE in needs:
            self._add_document_field()
        self._add_note_and_time()

    def _add_contact_fields(self) -> None:
        self.fields["channel"] = forms.ChoiceField(
            required=False, label=gettext("How?"), choices=[(c.value, c.label) for c in Channel],
            widget=forms.RadioSelect, initial=Channel.CALL.value,
        )  # fmt: skip
        outcomes = [("", gettext("Choose")), *((o.value, o.label) for o in Outcome)]
        self.fields["outcome"] = forms.ChoiceField(required=False, label=gettext("What came of it?"), choices=outcomes)
        if self.lead.dnc:
            self.fields["override_reason"] = RawText(
                label=gettext("Why contact them all the same?"),
                help_text=gettext("This lead asked not to be contacted. Your reason is recorded."),
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    def _add_contact_data_fields(self) -> None:
        for name, label, kind in (
            ("name", gettext("Name"), "text"),
            ("email", gettext("E-mail"), "email"),
            ("phone", gettext("Phone"), "tel"),
        ):
            widget = forms.TextInput(attrs={"type": kind, "autocomplete": "off", "dir": "auto"})
            self.fields[name] = RawText(label=label, initial=getattr(self.lead, name), widget=widget)

    def _add_document_field(self) -> None:
        agreement = self.move.kind == Kind.BUYER_AGREEMENT_SIGNED
        self.fields["document"] = RawText(
            label=gettext("Signed document") if agreement else gettext("File or MLS reference"),
            help_text=gettext("An id, a link or a file name. Without one the card says “No document”.")
            if agreement
            else "",
            widget=forms.TextInput(attrs={"dir": "auto"}),
        )

    def _add_note_and_time(self) -> None:
        self.fields["note"] = RawText(
            label=gettext(self.wording.note),
            help_text=gettext(self.wording.note_hint),
            widget=ForgivingTextarea(attrs={"rows": 3, "dir": "auto"}),
        )
        self.prepare_time()
        # What every form asks comes last.
        self.order_fields([n for n in self.fields if n not in ("occurred_at", "fold")])

    # ---- what the template asks

    @property
    def question(self) -> str:
        return gettext(self.wording.question) % {"name": self.lead.name}

    @property
    def button(self) -> str:
        return gettext(self.wording.button)

    @property
    def note_required(self) -> bool:
        return self.move.kind in _NOTE_REQUIRED

    @property
    def reason_groups(self) -> list[tuple[str, list[Reason]]]:
        return grouped(self.reasons)

    # ---- what was typed

    def clean_duplicate_of(self) -> Lead | None:
        """The lead behind the typed key: one that the viewer sees, or a colleague's with the same e-mail or phone.

        Of these two the form for a new lead tells as well that they are there. Any other lead of a colleague's is no
        lead: else the keys of the whole office could be tried out here.
        """
        text: str = self.cleaned_data["duplicate_of"].strip()
        if not text or self.data.get("reason") != DUPLICATE_OF:
            return None
        number = text[2:] if text[:2].upper() == "L-" else text
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q(pk__in=[])
        others = Lead.objects.exclude(pk=self.lead.pk).exclude(status="").filter(by_number | Q(external_key=text))
        if not self.viewer.is_broker:
            others = others.filter(seen_by(self.viewer) | _same_person(self.lead))
        found = others.first()
        if found is None:
            raise forms.ValidationError(gettext("There is no other lead with this key. A key looks like L-42."))
        return found

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal of the rules at the field that it speaks of, or over the form."""
        field = {"contact": "name"}.get(refused.field, refused.field)
        self.add_error(field if field in self.fields and field not in _HIDDEN else None, refused.sentence)


_HIDDEN = {"to", "version", "uuid", "next", "submitted"}


def _same_person(lead: Lead) -> Q:
    """The leads with the e-mail or the phone of this one."""
    same = Q(pk__in=[])
    if lead.email_normalised:
        same |= Q(email_normalised=lead.email_normalised)
    if lead.phone_e164:
        same |= Q(phone_e164=lead.phone_e164)
    return same


def _reasons_for(kind: Kind) -> list[Reason]:
    return [r for r in ReasonCode.book().values() if kind.value in r.kinds and not r.retired]


def _dnc_choices() -> list[tuple[str, str]]:
    asked = [r for r in _reasons_for(Kind.FLAG_SET) if r.code.startswith("lead_request")]
    yes = pgettext("also set do not contact", "Yes: %(reason)s")
    return [
        ("", pgettext("also set do not contact", "No")),
        *((r.code, yes % {"reason": f"{r.label[:1].lower()}{r.label[1:]}"}) for r in asked),
    ]


def target_of(text: Any) -> State | None:
    """The state that a request names; None for anything that is no state."""
    return State(text) if text in set(State) else None
