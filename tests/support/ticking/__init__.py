"""A project with schedules of one second, and tickers of its own that are killed at random."""
