"""A schedule falls due, and its run appears on a page that nobody touches."""

from playwright.sync_api import expect

from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem


def test_an_occurrence_appears_by_itself(windows: Windows, system: LiveSystem) -> None:
    forget_runs(system, "count_hourly")
    page = windows.open("runs?task=count_hourly")
    expect(page.get_by_text("No run matches these filters.")).to_be_visible()
    bring_forward(system, "count_hourly")
    row = page.get_by_role("row").filter(has_text="Hourly count")
    expect(row).to_contain_text("Succeeded")
    expect(row).to_contain_text("Schedule")
    row.get_by_role("link", name="Succeeded").click()
    expect(page.get_by_role("region", name="Who asked")).to_contain_text("Due")


def forget_runs(system: LiveSystem, task_name: str) -> None:
    """The hour may have begun since the system was started."""
    system.manage(
        "shell",
        "--no-imports",
        "-c",
        f"""if True:
        from runbell.ledger.reaping import delete_in_batches
        from runbell.models import Run
        list(delete_in_batches(Run.objects.filter(task_name="{task_name}")))
    """,
    )


def bring_forward(system: LiveSystem, task_name: str) -> None:
    """Have an hourly schedule wait for the hour that has begun."""
    system.manage(
        "shell",
        "--no-imports",
        "-c",
        f"""if True:
        from django.utils import timezone
        from runbell.models import Schedule
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        assert Schedule.objects.filter(task_name="{task_name}").update(next_due_at=hour) == 1
    """,
    )
