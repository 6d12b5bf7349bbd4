"""``python -m benchmarks.count_queries``: print how many queries ``monitoring/status/`` takes."""

from __future__ import annotations

import django


def main() -> int:
    """Ask for the page once to warm up, then count."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 (needs the settings)
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="admin"))
    with CaptureQueriesContext(connection) as queries:
        for _ in range(2):
            queries.initial_queries = len(connection.queries_log)
            answer = client.get("/api/v1/scheduler/monitoring/status/")
            assert answer.status_code == 200, answer.content
    return len(queries)


if __name__ == "__main__":
    django.setup()
    print(main())
