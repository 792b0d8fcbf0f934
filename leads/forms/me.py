"""The form of what people choose for themselves: language, time zone, how close the cards of the board lie."""

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.models.office import zone_names

from ..models import User
from ..models.user import density_choices

#: What a person may change about themselves. Name, role and address are the admin's to change.
OWN = ("language", "time_zone", "density")

#: Regions of the time zone database; what lies outside them are aliases and bare offsets, which no list need offer.
_REGIONS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)


@cache
def offered_zones() -> list[str]:
    """The names that the list of time zones offers, in order; any other name of the database is taken as well."""
    return sorted(name for name in _known_zones().values() if name.partition("/")[0] in _REGIONS or name == "UTC")


@cache
def _known_zones() -> dict[str, str]:
    """Every name of the time zone database by how a person may type it: in small letters, with blanks."""
    return {_typed(name): name for name in zone_names()}


def _typed(name: str) -> str:
    return name.replace("_", " ").casefold()


class OwnSettingsForm(forms.Form):
    """In: whose settings, what was posted (None: as they are now)."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Hindsight does not speak this language. Choose one from the list.")},
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        max_length=64,
        error_messages={"max_length": _("Not a time zone. Use a name such as America/Los_Angeles.")},
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    density = forms.ChoiceField(
        label=_("Cards on the board"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose Roomy or Compact.")),
    )

    def __init__(self, user: User, office_zone: str, data: QueryDict | None = None) -> None:
        now = {name: getattr(user, name) for name in OWN}
        super().__init__(data, initial=now, auto_id="me-%s", use_required_attribute=False)
        self.user = user
        languages = [("", gettext("As the browser asks")), *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["density"].choices = density_choices()  # type: ignore[attr-defined]
        self.fields["time_zone"].help_text = gettext("Empty: the office's, %(zone)s.") % {"zone": office_zone}

    def clean_time_zone(self) -> str:
        """The name as the database of time zones writes it; empty for the office's."""
        typed: str = self.cleaned_data["time_zone"]
        name = _known_zones().get(_typed(typed), "")
        if typed and not name:
            raise forms.ValidationError(gettext("Not a time zone. Use a name such as America/Los_Angeles."))
        return name

    def save(self) -> None:
        """Writes these columns of this person, and no other."""
        typed: dict[str, Any] = self.cleaned_data
        for name in OWN:
            setattr(self.user, name, typed[name])
        self.user.save(update_fields=OWN)
