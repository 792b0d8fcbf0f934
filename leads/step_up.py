"""Before what matters: a fresh proof of who is there."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest


@reauthentication_required
def prove_identity(request: HttpRequest) -> None:
    """Comes back where the person proved within the last minutes who they are; else the page that asks for it follows.

    For a question in the middle of a view; a whole view takes django-allauth's decorator itself.
    """
