"""The words of our scripts in other languages than English, each as one small script that browsers may keep."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

_A_YEAR = 365 * 24 * 3600


@require_safe
@login_not_required
def script_words(request: HttpRequest, language: str, edition: str) -> HttpResponseBase:
    """The words in this language. In: its code, and the edition of the catalog, only so that browsers may keep it."""
    if language not in dict(settings.LANGUAGES):
        raise Http404("Hindsight does not speak this language.")
    with translation.override(language):
        answer = JavaScriptCatalog.as_view(packages=[])(request)
    answer["Content-Language"] = language
    if edition == _edition(language):
        patch_cache_control(answer, public=True, immutable=True, max_age=_A_YEAR)
    return answer


def script_words_url(language: str) -> str:
    """Where a page finds the words of its scripts; empty for English, which the scripts bring themselves."""
    if language not in dict(settings.LANGUAGES) or language == settings.LANGUAGE_CODE:
        return ""
    return reverse("script-words", args=[language, _edition(language)])


@cache
def _edition(language: str) -> str:
    digest = hashlib.sha256()
    for folder in settings.LOCALE_PATHS:
        file = Path(folder) / language / "LC_MESSAGES" / "djangojs.mo"
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()[:12]


def words_for_scripts(request: HttpRequest) -> dict[str, str]:
    """Context processor: the address of the words for the page's scripts, or nothing."""
    return {"script_words_url": script_words_url(translation.get_language() or settings.LANGUAGE_CODE)}
