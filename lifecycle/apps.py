from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class LifecycleConfig(AppConfig):
    """Seeds the reason codes and keeps the guards of the log in place around every migration."""

    name = "lifecycle"
    verbose_name = "Lifecycle"

    def ready(self) -> None:
        from . import guards
        from .seeds import seed

        pre_migrate.connect(guards.lift_for_plan, sender=self, dispatch_uid="lifecycle.guards.lift")
        post_migrate.connect(seed, sender=self, dispatch_uid="lifecycle.seed")
        checks.register(guards.check_present, checks.Tags.database)
