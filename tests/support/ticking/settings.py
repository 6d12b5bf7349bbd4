"""The reference project's settings with tasks that fall due every second, and a broker in memory."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS, RUNBELL

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.ticking"]
RUNBELL = {**RUNBELL, "DISPATCHER": "runbell.testing.FakeDispatcher", "TICK_INTERVAL": 0.2}
