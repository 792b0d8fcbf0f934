"""The Django admin of an office: people, reason codes, settings, contact facts; the log and imports to look at.

Nothing here writes an event or a cached column: a changed contact fact goes through the service.
"""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

from .imports import ImportAdmin, ImportedRowAdmin, SavedMappingAdmin
from .leads import LeadAdmin
from .log import LeadEventAdmin
from .office import OfficeSettingsAdmin, ReasonCodeAdmin
from .people import PersonAdmin

__all__ = [
    "ImportAdmin",
    "ImportedRowAdmin",
    "LeadAdmin",
    "LeadEventAdmin",
    "OfficeSettingsAdmin",
    "PersonAdmin",
    "ReasonCodeAdmin",
    "SavedMappingAdmin",
]

# Rights follow the role; groups would promise something that nobody asks. An e-mail address is a person's, and changed
# there; a second list of them could be added to and deleted from.
admin.site.unregister([Group, EmailAddress])
