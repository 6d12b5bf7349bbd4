"""The reference project with events and log lines by month."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "runbell.partitions"]
