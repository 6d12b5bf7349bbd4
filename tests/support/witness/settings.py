"""The reference project with the tasks of the witness."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.witness"]
