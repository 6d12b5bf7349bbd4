"""The only code that knows Celery and kombu."""

from __future__ import annotations


def install() -> None:
    """Hook Runbell into Celery: the catalogue's loader, the signal handlers, the repaired filesystem transport."""
    from runbell.catalog import catalog  # noqa: PLC0415 (importing a part of the engine must not need the models)
    from runbell.engine import discovery, filesystem, signals  # noqa: PLC0415 (as above)

    filesystem.register()
    catalog.set_loader(discovery.load)
    signals.connect()
