"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from digest import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
embedded.hold_or_exit()
application = get_wsgi_application()
