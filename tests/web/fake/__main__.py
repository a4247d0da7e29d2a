"""`python -m tests.web.fake [port]`: the fake gateway by itself, for working on the pages."""

import sys

from aiohttp import web

from tests.web.fake.server import FakeGateway

web.run_app(FakeGateway().app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
