from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    """Seeds the reason codes, guards the log around every migration, and lends the rules a translator."""

    name = "lifecycle"
    verbose_name = _("Lifecycle")

    def ready(self) -> None:
        from . import guards
        from .seeds import seed
        from .speech import speak_with

        speak_with(translation)
        pre_migrate.connect(guards.lift_for_plan, sender=self, dispatch_uid="lifecycle.guards.lift")
        post_migrate.connect(seed, sender=self, dispatch_uid="lifecycle.seed")
        checks.register(guards.check_present, checks.Tags.database)
