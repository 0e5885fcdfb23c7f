"""An office whose web, worker, tables and sample are stand-ins; run as its own process by tests.

Environment: `STAND_IN_MIGRATE` and `STAND_IN_WEB` replace a part by a shell command.
"""

from __future__ import annotations

import os
import sys

from nhactruong.assembly.cli import reported
from nhactruong.assembly.cli.up import say
from nhactruong.assembly.supervision.installation import from_environ
from nhactruong.assembly.supervision.processes import Parts, Supervisor

_WEB = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Page).serve_forever()
"""
_MIGRATE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as database:
    database.execute("CREATE TABLE django_migrations (id int GENERATED ALWAYS AS IDENTITY,"
                     " app text, name text, applied timestamptz DEFAULT now())")
    database.execute("INSERT INTO django_migrations (app, name) VALUES ('stand_in', '0001')")
    database.execute("CREATE TABLE document (subject text)")
"""
_LOAD = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as database:
    database.execute("INSERT INTO document VALUES ('of ' || current_user)")
"""


def run() -> int:
    """Serve the stand-in office until asked to stop."""
    installation = from_environ(os.environ)
    shell = os.environ.get
    parts = Parts(
        assets=(),
        web=["sh", "-c", shell("STAND_IN_WEB", "")]
        if "STAND_IN_WEB" in os.environ
        else [sys.executable, "-c", _WEB, installation.host, str(installation.port)],
        worker=[sys.executable, "-c", "import time; time.sleep(3600)", "stand-in-worker"],
        migrate=["sh", "-c", shell("STAND_IN_MIGRATE", "")]
        if "STAND_IN_MIGRATE" in os.environ
        else [sys.executable, "-c", _MIGRATE],
        load_sample=[sys.executable, "-c", _LOAD],
        sample_accounts=lambda: ["  lan.vt"],
    )
    return Supervisor(installation, parts, say=say).run()


if __name__ == "__main__":
    sys.exit(reported(run))
