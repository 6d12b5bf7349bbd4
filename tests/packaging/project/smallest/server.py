"""A WSGI server without Django's help for developers: ``python -m smallest.server PORT``."""

import sys
from wsgiref.simple_server import make_server

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
