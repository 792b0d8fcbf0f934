"""What may be asked of the lists of the admin: Django makes a condition of every value of a filter, even of 1,000."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: More values of one name no page of the admin sends; a thousand are more than a database takes.
MOST_VALUES = 100


def few_values(admin_view: Callable[..., Any]) -> Callable[..., Any]:
    """The admin's own wrapper of its pages, around which a question with too many values is refused with 400."""

    @wraps(admin_view)
    def wrap(view: Callable[..., Any], cacheable: bool = False) -> Callable[..., HttpResponseBase]:
        inner = admin_view(view, cacheable)

        @wraps(inner)
        def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any(len(values) > MOST_VALUES for _, values in request.GET.lists()):
                raise BadRequest("Too many values of one name.")
            answer: HttpResponseBase = inner(request, *args, **kwargs)
            return answer

        return ask

    return wrap
