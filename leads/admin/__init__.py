"""The Django admin of an office: people, reason codes, settings, contact facts; the log and imports to look at.

Nothing here writes an event or a cached column: a changed contact fact goes through the service.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from .imports import ImportAdmin, ImportedRowAdmin, SavedMappingAdmin
from .leads import LeadAdmin
from .log import LeadEventAdmin
from .office import OfficeSettingsAdmin, ReasonCodeAdmin
from .people import PersonAdmin
from .traces import TraceAdmin

__all__ = [
    "ImportAdmin",
    "ImportedRowAdmin",
    "LeadAdmin",
    "LeadEventAdmin",
    "OfficeSettingsAdmin",
    "PersonAdmin",
    "ReasonCodeAdmin",
    "SavedMappingAdmin",
    "TraceAdmin",
]

# Rights follow the role; groups would promise something that nobody asks.
admin.site.unregister(Group)
# Past every proof of identity these would show secrets, take second steps off and lead letters elsewhere.
for _model in (Authenticator, UserSession, EmailAddress):
    admin.site.unregister(_model)
