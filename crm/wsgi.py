"""The door for a WSGI server: `gunicorn crm.wsgi`."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from crm.boot import refuse
from crm.content_type import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

try:
    application = readable(get_wsgi_application())
except ImproperlyConfigured as error:
    # gunicorn takes 3 as "this worker can never boot" and stops; any other code would make it try for ever.
    refuse(error, 3)
else:
    # Every page is loaded now, before the server divides into processes, and not while the first visitor waits.
    get_resolver().url_patterns  # noqa: B018
