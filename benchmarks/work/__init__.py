"""An application with the tasks that the benchmarks run, and as many more as they want to see in a catalogue."""

ANEW = "BENCHMARK_ANEW"
"""With this variable set the overview is made anew for every request, as it is while runs change all the time."""
