"""The reference project with as many more tasks as ``BENCHMARK_TASKS`` says."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.many"]
