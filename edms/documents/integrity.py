"""Every document's file against the SHA-256 that was kept when it was stored."""

from __future__ import annotations

from collections.abc import Iterator

from edms.batches import Tally, Watcher
from edms.documents import files
from edms.documents.models import Document
from runbell.domain.outcome import Outcome

PAGE = 500
"""Documents read from the database at once; no transaction is open while files are read."""
PROGRESS_EVERY = 20


def check_all(run: Watcher) -> Outcome:
    """Read every file and compare it; a file that is missing or was changed counts as failed and is named."""
    tally, read, total = Tally(), 0, Document.objects.count()
    for number, document in enumerate(_documents()):
        if number % PROGRESS_EVERY == 0:
            run.progress(number, total)
            if run.cancel_requested:
                tally.stopped = True
                break
        try:
            read += files.check_content(document.file_path, document.file_sha256)
        except files.FileFault as fault:
            tally.fail(str(document), fault)
        else:
            tally.processed += 1
    return tally.outcome("files are what was stored", bytes_read=read)


def _documents() -> Iterator[Document]:
    """Iterate over all documents, page by page along the primary key."""
    last = 0
    columns = Document.objects.only("number", "version", "file_path", "file_sha256").order_by("pk")
    while page := list(columns.filter(pk__gt=last)[:PAGE]):
        yield from page
        last = page[-1].pk
