"""The door for an ASGI server; the product itself needs nothing that WSGI lacks."""

import os

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

from crm.boot import refuse
from crm.content_type import readable_asgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

try:
    application = readable_asgi(get_asgi_application())
except ImproperlyConfigured as error:
    refuse(error, 3)
