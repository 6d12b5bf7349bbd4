"""Make the tables, an administrator who is logged in, and a periodic task where there are such; print how to ask."""

import json
import os

import django


def main() -> dict[str, str]:
    """Return the administrator's session and the periodic task's key, "" where there is none."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 (needs the settings)
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    administrator = get_user_model().objects.create_superuser("admin")
    client = Client()
    client.force_login(administrator)
    return {"session": client.cookies["sessionid"].value, "task": _periodic_task()}


def _periodic_task() -> str:
    from django.apps import apps  # noqa: PLC0415 (needs the settings)

    if not apps.is_installed("django_celery_beat"):
        return ""
    beat = apps.get_app_config("django_celery_beat")
    interval = beat.get_model("IntervalSchedule")._default_manager.create(every=1, period="days")
    task = beat.get_model("PeriodicTask")._default_manager.create(
        name="nothing", task="benchmarks.peers.project.tasks.benchmark_nothing", interval=interval
    )
    return str(task.pk)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.project.settings")
    django.setup()
    print(json.dumps(main()))
