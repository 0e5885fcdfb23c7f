"""The WSGI door for granian."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from nhactruong.assembly.proxy import trusting
from nhactruong.foundation.web.limits import telling_file_bytes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhactruong.assembly.settings")
_PROXIES = [one.strip() for one in (os.environ.get("NHACTRUONG_PROXY") or "").split(",") if one]
application = trusting(telling_file_bytes(get_wsgi_application()), _PROXIES)
