"""Events and log lines by month, in PostgreSQL's own partitions: an application of its own that a project may install.

See docs/scaling.md. On other databases it changes nothing.
"""
