"""What a phone or a desktop needs to install Hindsight as an app.

There is no service worker, on purpose: a lead that somebody else moved an hour ago must not be shown from a copy.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

#: `--card` and `--ground` of tokens.css in light: a manifest knows one scheme only, pages name both themselves.
THEME = "#ffffff"
BACKGROUND = "#f5f6f8"

_ICONS = (
    ("icon-192.png", 192, "any"),
    ("icon-512.png", 512, "any"),
    ("icon-maskable-512.png", 512, "maskable"),
    ("icon-monochrome-512.png", 512, "monochrome"),
)
_AN_HOUR = 3600


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> JsonResponse:
    """The manifest. In: `language`, which the page names because browsers fetch this without its cookies."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        answer = JsonResponse(_content(language), content_type="application/manifest+json")
    answer["Content-Language"] = language
    patch_cache_control(answer, public=True, max_age=_AN_HOUR)
    return answer


def _content(language: str) -> dict[str, object]:
    shortcuts = (
        (gettext("New lead"), reverse("lead-new")),
        (gettext("My board"), f"{reverse('board')}?mine=true"),
        (gettext("Search"), reverse("search")),
    )
    return {
        # The same app in every language and for everybody of an office.
        "id": "/",
        "name": "Hindsight",
        "short_name": "Hindsight",
        "description": gettext("The lead CRM that remembers."),
        "lang": language,
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": BACKGROUND,
        "categories": ["business", "productivity"],
        "icons": [_icon(*icon) for icon in _ICONS],
        "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
