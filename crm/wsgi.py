"""The door for a WSGI server: `gunicorn crm.wsgi`."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from crm.boot import refuse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    # gunicorn takes 3 as "this worker can never boot" and stops; any other code would make it try for ever.
    refuse(error, 3)
