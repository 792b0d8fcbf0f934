"""``remove_second_factor USERNAME``: the last way in, when an admin lost the phone and nobody else can help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.models import User
from leads.second_factor import take_off


class Command(BaseCommand):
    help = "Take the second step at the login off somebody who lost the phone, and end every login of theirs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name they log in with")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError("Nobody logs in with this name.", returncode=2)
        steps = take_off(person)
        if not steps:
            raise CommandError(f"{person.display_name} has no second step.", returncode=1)
        self.stdout.write(f"Taken off {person.display_name}: {', '.join(steps)}. Every login of theirs has ended.")
