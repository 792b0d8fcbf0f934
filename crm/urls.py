"""Every address of the product. Pages of the product itself are listed in `leads.urls`."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import set_language

from crm.admin_questions import few_values
from crm.manifest import manifest
from crm.ready import ready
from crm.script_words import script_words


def _no_second_login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Whoever comes here is logged in already: on to the admin."""
    return redirect("admin:index")


# The admin's own login page knows no rate limit and no second factor, and takes another person's password from whoever
# is in the admin already. People log in at one place only.
admin.site.login = secure_admin_login(_no_second_login)  # type: ignore[method-assign]
admin.site.admin_view = few_values(admin.site.admin_view)  # type: ignore[method-assign]
admin.site.site_header = "Hindsight"
admin.site.site_title = "Hindsight"
admin.site.index_title = _("Office")

urlpatterns = [
    # As with the login: the admin's own page counts no tries.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/", include("crm.account_urls")),
    path("ready/", ready, name="ready"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("language/", login_not_required(set_language), name="language"),
    path("words/<str:language>/<str:edition>.js", script_words, name="script-words"),
    path("", include("leads.urls")),
]

handler400 = "crm.errors.bad_request"
handler403 = "crm.errors.forbidden"
handler404 = "crm.errors.not_found"
handler429 = "crm.errors.too_many"
handler500 = "crm.errors.server_error"
