"""The form of a move: it asks exactly what the kind of move needs, and judges nothing that the rules judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from lifecycle.errors import Refused
from lifecycle.events import Channel, Kind, Outcome
from lifecycle.models import ReasonCode
from lifecycle.reasons import DUPLICATE_OF, OTHER, Group, Reason
from lifecycle.states import State
from lifecycle.storable import TEXT_LIMIT
from lifecycle.transitions import Need, Transition

from .. import local_time
from ..models import Lead

_NOTE_HINT = "Facts about the deal, not about people."


@dataclass(frozen=True, slots=True)
class Wording:
    """What the dialog says for one kind of move: its question, its button, and about its note."""

    question: str
    button: str
    note: str = "Note"
    note_hint: str = _NOTE_HINT


WORDINGS: dict[Kind, Wording] = {
    Kind.CONTACT_ATTEMPTED: Wording("Log the first contact with {name}", "Log contact and move"),
    Kind.BOGUS_CONTACT_DETECTED: Wording("Why does {name} go to Trashed?", "Trash"),
    Kind.MOTIVATION_CONFIRMED: Wording(
        "Qualify {name}", "Qualify", "What confirmed it?", "What they want, when, and how they pay."
    ),
    Kind.BUYER_AGREEMENT_SIGNED: Wording("{name} signed the buyer's agreement", "Move to Committed"),
    Kind.ARCHIVED_MANUALLY: Wording("Why is {name} archived?", "Archive"),
    Kind.CONTRACT_EXECUTED: Wording("{name} is in contract", "Move to In contract"),
    Kind.DEAL_COLLAPSED: Wording(
        "Why is {name} going back?", "Record and move back", "What happened?", f"In a sentence. {_NOTE_HINT}"
    ),
    Kind.CLOSING_COMPLETED: Wording("{name} closed", "Close"),
    Kind.CONTRACT_VOIDED: Wording(
        "Why was the contract of {name} voided?",
        "Record and move back",
        "What happened?",
        f"In a sentence. {_NOTE_HINT}",
    ),
    Kind.LEAD_RE_ENGAGED: Wording("What brought {name} back?", "Re-engage"),
    Kind.CONTACT_INFO_UPDATED: Wording("Correct the contact data of {name}", "Correct and move to New"),
}

_NOTE_REQUIRED = {Kind.MOTIVATION_CONFIRMED, Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED}


class MoveForm(forms.Form):
    """In: the posted values (or None), the lead, the transition that is asked about."""

    to = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    submitted = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, lead: Lead, move: Transition, *, back: str = "") -> None:
        first = {"to": move.to_status.value, "version": lead.version, "uuid": uuid4(), "next": back, "submitted": "1"}
        super().__init__(data, initial=first, auto_id="move-%s", use_required_attribute=False)
        self.lead, self.move = lead, move
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
            self.fields["reason"] = forms.CharField(required=False, label="Reason", strip=True)
        if kind == Kind.BOGUS_CONTACT_DETECTED:
            self.fields["duplicate_of"] = forms.CharField(
                required=False, max_length=220, label="The lead that this one repeats",
                help_text="Its key, such as L-42. Only for “Duplicate of another lead”.",
            )  # fmt: skip
        if kind == Kind.ARCHIVED_MANUALLY and not self.lead.dnc:
            self.fields["also_dnc"] = forms.ChoiceField(
                required=False, label="Also set “Do not contact”?", choices=_dnc_choices(),
                help_text="When they asked not to be contacted: no automated outreach on any channel.",
            )  # fmt: skip
        if Need.CLOSING_DATE in needs:
            today = timezone.localdate().isoformat()
            self.fields["closing_date"] = forms.DateField(
                required=False, label="Closing date", initial=today,
                widget=forms.DateInput(attrs={"type": "date", "max": today, "class": "field-short"}),
                error_messages={"invalid": "That is not a date. Type it like 2026-11-20."},
            )  # fmt: skip
        if Need.DOCUMENT in needs or Need.CLOSING_DATE in needs:
            self._add_document_field()
        self._add_note_and_time()

    def _add_contact_fields(self) -> None:
        self.fields["channel"] = forms.ChoiceField(
            required=False, label="How?", choices=[(c.value, c.label) for c in Channel],
            widget=forms.RadioSelect, initial=Channel.CALL.value,
        )  # fmt: skip
        self.fields["outcome"] = forms.ChoiceField(
            required=False, label="What came of it?", choices=[("", "Choose"), *((o.value, o.label) for o in Outcome)]
        )
        if self.lead.dnc:
            self.fields["override_reason"] = forms.CharField(
                required=False, label="Why contact them all the same?", max_length=500,
                help_text="This lead asked not to be contacted. Your reason is recorded.",
            )  # fmt: skip

    def _add_contact_data_fields(self) -> None:
        for name, label, limit, kind in (
            ("name", "Name", 200, "text"), ("email", "E-mail", 254, "email"), ("phone", "Phone", 64, "tel"),
        ):  # fmt: skip
            self.fields[name] = forms.CharField(
                required=False, label=label, max_length=limit, initial=getattr(self.lead, name), empty_value="",
                widget=forms.TextInput(attrs={"type": kind, "autocomplete": "off", "dir": "auto"}),
            )  # fmt: skip

    def _add_document_field(self) -> None:
        agreement = self.move.kind == Kind.BUYER_AGREEMENT_SIGNED
        self.fields["document"] = forms.CharField(
            required=False, max_length=TEXT_LIMIT, label="Signed document" if agreement else "File or MLS reference",
            help_text="An id, a link or a file name. Without one the card says “No document”." if agreement else "",
        )  # fmt: skip

    def _add_note_and_time(self) -> None:
        self.fields["note"] = forms.CharField(
            required=False, strip=False, max_length=TEXT_LIMIT,
            label=self.wording.note, help_text=self.wording.note_hint,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        )  # fmt: skip
        zone = timezone.get_current_timezone()
        now = timezone.now()
        self.fields["occurred_at"] = forms.CharField(
            required=False, max_length=40, label="When did it happen?",
            help_text=f"Leave empty for now. Your time zone: {timezone.get_current_timezone_name()}.",
            widget=forms.TextInput(
                attrs={"type": "datetime-local", "max": local_time.typed_form(now, zone), "class": "field-short"}
            ),
        )  # fmt: skip
        if self.is_bound and self.data.get("fold") is not None:
            self._add_fold([("0", "the first one"), ("1", "the second one")])

    def _add_fold(self, choices: Iterable[tuple[str, str]]) -> None:
        self.fields["fold"] = forms.ChoiceField(
            required=False, label="Which of the two?", choices=choices, widget=forms.RadioSelect
        )

    # ---- what the template asks

    @property
    def question(self) -> str:
        return self.wording.question.format(name=self.lead.name)

    @property
    def note_required(self) -> bool:
        return self.move.kind in _NOTE_REQUIRED

    @property
    def reason_groups(self) -> list[tuple[str, list[Reason]]]:
        """Reasons under the names of their groups, "other" last; one group alone goes without a name."""
        order = list(Group)
        reasons = sorted(self.reasons, key=lambda r: (order.index(r.group), r.code == OTHER, r.label))
        groups: dict[str, list[Reason]] = {}
        for reason in reasons:
            groups.setdefault(reason.group.label, []).append(reason)
        return list(groups.items()) if len(groups) > 1 else [("", reasons)]

    @property
    def time_open(self) -> bool:
        """Whether the question for the time is shown unfolded: it was answered, or the answer was refused."""
        return bool(self.is_bound and (self.data.get("occurred_at") or "occurred_at" in self.errors))

    # ---- what was typed

    def full_clean(self) -> None:
        """Judges the fields; a time that occurs twice adds the question which one is meant."""
        self._two_hours: list[tuple[str, str]] = []
        super().full_clean()
        if self._two_hours:
            self._add_fold(self._two_hours)

    def clean_occurred_at(self) -> datetime | None:
        """The typed local time as an instant; asks which one is meant where a clock shows it twice."""
        text: str = self.cleaned_data["occurred_at"].strip()
        if not text:
            return None
        chosen = self.data.get("fold", "")
        fold = int(chosen) if chosen in ("0", "1") else None
        try:
            return local_time.parse(text, timezone.get_current_timezone(), now=timezone.now(), fold=fold)
        except local_time.Ambiguous as refused:
            self._two_hours = [(str(n), words) for n, words in refused.details["choices"]]
            raise forms.ValidationError(refused.sentence) from None
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_duplicate_of(self) -> Lead | None:
        """The lead behind the typed key. Any lead of the office: a colleague's may be the one that is repeated."""
        text: str = self.cleaned_data["duplicate_of"].strip()
        if not text or self.data.get("reason") != DUPLICATE_OF:
            return None
        number = text[2:] if text[:2].upper() == "L-" else text
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q(pk__in=[])
        found = (
            Lead.objects.exclude(pk=self.lead.pk).exclude(status="").filter(by_number | Q(external_key=text)).first()
        )
        if found is None:
            raise forms.ValidationError("There is no other lead with this key. A key looks like L-42.")
        return found

    def clean_note(self) -> str:
        """The note as typed, with the line ends that were typed."""
        note: str = self.cleaned_data["note"]
        return note.replace("\r\n", "\n")

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal of the rules at the field that it speaks of, or over the form."""
        field = {"contact": "name"}.get(refused.field, refused.field)
        self.add_error(field if field in self.fields and field not in _HIDDEN else None, refused.sentence)


_HIDDEN = {"to", "version", "uuid", "next", "submitted"}


def _reasons_for(kind: Kind) -> list[Reason]:
    return [r for r in ReasonCode.book().values() if kind.value in r.kinds and not r.retired]


def _dnc_choices() -> list[tuple[str, str]]:
    asked = [r for r in _reasons_for(Kind.FLAG_SET) if r.code.startswith("lead_request")]
    return [("", "No"), *((r.code, f"Yes: {r.label[:1].lower()}{r.label[1:]}") for r in asked)]


def target_of(text: Any) -> State | None:
    """The state that a request names; None for anything that is no state."""
    return State(text) if text in set(State) else None
