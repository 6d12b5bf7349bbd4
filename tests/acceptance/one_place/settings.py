"""The reference project with two tasks more, and workers that are missed sooner."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS, RUNBELL

INSTALLED_APPS = [*INSTALLED_APPS, "tests.acceptance.one_place"]
RUNBELL = RUNBELL | {"LOST_AFTER": 4.0, "WORKER_TIMEOUT": 4.0}
