"""However often somebody presses, and whatever becomes of the answer, there is one run."""

from playwright.sync_api import Route, expect

from tests.browser.support.console import run_now, standing
from tests.browser.support.ledger import runs_of
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows
from tests.support.live import LiveSystem

TASK, TITLE = "perform_system_health_check", "System health check"


def test_a_double_click_makes_one_run(windows: Windows, system: LiveSystem) -> None:
    before = runs_of(system, TASK)
    page = windows.open()
    run_now(page, TITLE).get_by_role("button", name="Run now").dblclick()
    expect(standing(page)).to_have_text("Succeeded")
    assert len(runs_of(system, TASK)) == len(before) + 1


def test_pressing_again_after_an_answer_was_lost_makes_no_second_run(
    windows: Windows, watch: Watch, system: LiveSystem
) -> None:
    watch.expect(r"net::ERR_FAILED .*/manual-trigger/")
    before = runs_of(system, TASK)
    page = windows.open()
    page.route("**/manual-trigger/", lose_the_answer, times=1)
    dialog = run_now(page, TITLE)
    dialog.get_by_role("button", name="Run now").click()
    expect(dialog.get_by_role("alert")).to_contain_text("it stays one run")
    dialog.get_by_role("button", name="Run now").click()
    expect(standing(page)).to_have_text("Succeeded")
    made = runs_of(system, TASK)[len(before) :]
    assert [page.url.rpartition("/")[2]] == made


def lose_the_answer(route: Route) -> None:
    """Let the request reach the server, and cut the way back."""
    assert route.fetch().status == 202
    route.abort()
