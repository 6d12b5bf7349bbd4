"""The reference project with the benchmarks' tasks, and as many more as ``BENCHMARK_TASKS`` says."""

from edms.settings import *  # noqa: F403
from edms.settings import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.work"]
LOGGING = {**LOGGING, "loggers": {**dict(LOGGING["loggers"]), "benchmarks": {"level": "INFO"}}}  # type: ignore[call-overload]
