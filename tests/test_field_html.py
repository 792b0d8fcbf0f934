"""Fields are drawn without Django's templates, and nobody can tell: the HTML is Django's, letter by letter."""

import datetime
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from crm.field_html import FieldHtml

AWKWARD = 'O\'Neill & <b>"Sons"</b>'
CHOICES = [
    ("", "Choose"),
    (1234567, 1234567),
    ("ana", AWKWARD),
    ("Agents & such", [(True, gettext_lazy("Agent")), (None, "Nobody"), ('"quoted"', mark_safe("<i>Ben</i>"))]),
    (gettext_lazy("Broker"), [("bruna", "Bruna")]),
]


class Everything(forms.Form):
    """One field of every kind that a page of ours, or of the admin, may show."""

    hidden = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=20, help_text="Help.", widget=forms.TextInput(attrs={"dir": "auto", "list": False})
    )
    email = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": AWKWARD}))
    phone = forms.CharField(widget=forms.TextInput(attrs={"type": "tel"}))
    number = forms.IntegerField(min_value=1, localize=True)
    amount = forms.DecimalField(required=False)
    address = forms.URLField(assume_scheme="https")
    password = forms.CharField(widget=forms.PasswordInput)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    moment = forms.DateTimeField()
    hour = forms.TimeField()
    uuid = forms.UUIDField(required=False)
    file = forms.FileField()
    ticked = forms.BooleanField(required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}))
    agent = forms.ChoiceField(choices=CHOICES)
    agents = forms.MultipleChoiceField(choices=CHOICES)
    truth = forms.NullBooleanField()
    way = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    ways = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple(attrs={"class": "a b"}))
    split = forms.SplitDateTimeField()
    upload = forms.FileField(widget=forms.ClearableFileInput)


INITIAL: dict[str, Any] = {
    "text": AWKWARD, "number": 1234567, "amount": 0, "day": datetime.date(2026, 11, 26), "note": f"{AWKWARD}\n",
    "agent": "ana", "agents": ["ana", "bruna"], "ticked": True, "way": "bruna", "ways": ["ana"], "truth": False,
    "moment": datetime.datetime(2026, 11, 26, 9, 30, tzinfo=datetime.UTC), "hidden": 0,
}  # fmt: skip


def both(**form: Any) -> tuple[Everything, Everything]:
    """The same form twice: drawn by us, drawn by Django."""
    return Everything(renderer=FieldHtml(), **form), Everything(renderer=DjangoTemplates(), **form)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "form",
    [{}, {"initial": INITIAL}, {"data": {"text": AWKWARD, "agent": "nobody", "note": "<x>"}}, {"auto_id": False}],
    ids=["empty", "filled", "refused", "without ids"],
)
def test_every_field_is_drawn_as_django_draws_it(form: dict[str, Any], language: str) -> None:
    with translation.override(language):
        ours, djangos = both(**form)
        for name in ours.fields:
            assert str(ours[name]) == str(djangos[name]), name


@pytest.mark.parametrize("name", ["way", "ways", "agent"])
def test_every_choice_of_a_group_is_drawn_alone_as_django_draws_it(name: str) -> None:
    ours, djangos = both(initial=INITIAL)
    for one, other in zip(ours[name], djangos[name], strict=True):
        assert one.tag() == other.tag()
        assert one.tag(wrap_label=True) == other.tag(wrap_label=True)
        assert str(one) == str(other)


def test_a_whole_form_is_still_drawn_by_django() -> None:
    ours, djangos = both(initial=INITIAL)
    assert str(ours) == str(djangos)


def test_the_office_uses_it() -> None:
    assert isinstance(get_default_renderer(), FieldHtml)
