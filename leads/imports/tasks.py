"""What a worker (`manage.py db_worker`) does for an import; Django's tasks, kept in the same database."""

from uuid import UUID

from django_tasks import task

from .phases import work_on


@task()
def work(key: str) -> None:
    """Checks a file, brings it in or takes it back, as its phase says. Handed out twice, it is done once."""
    work_on(UUID(key))
