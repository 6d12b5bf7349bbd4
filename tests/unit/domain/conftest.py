"""Hypothesis without a deadline: the machine that runs the tests may be busy with something else."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("runbell", deadline=None)
settings.load_profile("runbell")
