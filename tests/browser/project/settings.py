"""The reference project's settings, and one more app."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.browser.project"]
