"""An application with many tasks."""

ANEW = "BENCHMARK_ANEW"
"""With this variable set the overview is made anew for every request, as it is while runs change all the time."""
