from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        """What hangs on a signal of django-allauth; ours send none."""
        from allauth.account.signals import authentication_step_completed
        from allauth.mfa.signals import authenticator_added

        from .sessions import end_others_at_first_second_factor, rename_at_proof

        authenticator_added.connect(end_others_at_first_second_factor)
        authentication_step_completed.connect(rename_at_proof)
