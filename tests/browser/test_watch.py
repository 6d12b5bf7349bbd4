"""The watch over the browser's console hears what it is there for, and axe-core finds what is wrong."""

from playwright.sync_api import Browser, expect

from tests.browser.support.axe import violations
from tests.browser.support.people import HOME, People
from tests.browser.support.watch import Watch
from tests.browser.support.windows import Windows


def test_a_breach_of_the_policy_and_an_uncaught_error_are_heard(browser: Browser, people: People) -> None:
    watch = Watch()
    windows = Windows(browser, people, watch)
    page = windows.open()
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "() => document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))"
        )
    with page.context.expect_event("weberror"):
        page.evaluate("() => void setTimeout(() => { throw new Error('astray'); })")
    windows.close(None)
    heard = "\n".join(watch.complaints())
    assert "Content Security Policy" in heard
    assert "astray" in heard


def test_an_unlabelled_field_is_found(windows: Windows) -> None:
    page = windows.open()
    expect(page.get_by_label("Search")).to_be_visible()
    page.evaluate("() => document.querySelector('main').append(document.createElement('input'))")
    assert any(problem.startswith("label: ") for problem in violations(page))
    assert page.url.endswith(HOME)
