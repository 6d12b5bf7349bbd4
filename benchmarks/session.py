"""``python -m benchmarks.session``: sign the administrator in, and print the key of the session."""

from __future__ import annotations

import django


def main() -> str:
    """Sign in."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 (needs the settings)
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(get_user_model()._default_manager.get(username="admin"))
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    django.setup()
    print(main())
