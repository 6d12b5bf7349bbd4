"""``python -m benchmarks.prepare``: create the tables and the people, and print an API token of the administrator's.

In one process, and without the demonstration's documents: no benchmark reads them, and it happens before each.
"""

from __future__ import annotations

import io
import os

import django
from django.core.management import call_command


def main() -> None:
    """Do it."""
    from edms.demo import people  # noqa: PLC0415 (needs the settings)

    call_command("migrate", verbosity=0)
    people.seed()
    call_command("runbell", "token", "create", "--user", "admin", stderr=io.StringIO())  # it says more to people


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edms.settings")
    django.setup()
    main()
