"""Who may have an account: those whom an admin of the office gives one."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class OfficeAccounts(DefaultAccountAdapter):
    """django-allauth's account rules, with the public door closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: users are made in the admin."""
        return False
