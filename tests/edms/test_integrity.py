"""Every file against its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from edms.documents import files, integrity
from edms.documents.models import Document
from tests.edms.conftest import Watched

Make = Callable[..., Document]


def test_changed_and_missing_files_are_found_and_named(
    make_document: Make, document_root: Path, run: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "PAGE", 2)
    good, changed, missing, also_good = (make_document() for _ in range(4))
    (document_root / changed.file_path).write_bytes(b"x" * changed.file_size)
    (document_root / missing.file_path).unlink()
    outcome = integrity.check_all(run)
    assert (outcome.processed, outcome.failed) == (2, 2)
    assert set(outcome.evidence["failures"]) == {str(changed), str(missing)}
    assert "was changed" in outcome.evidence["failures"][str(changed)]
    assert outcome.evidence["bytes_read"] == good.file_size + also_good.file_size


def test_it_stops_on_request(make_document: Make, run: Watched) -> None:
    make_document()
    run.cancel_requested = True
    assert integrity.check_all(run).processed == 0


def test_a_file_is_read_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK", 7)
    stored = files.store("a/b.txt", b"0123456789" * 10)
    assert stored.sha256 == hashlib.sha256(b"0123456789" * 10).hexdigest()
    assert files.check_content(stored.path, stored.sha256) == 100


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/passwd", "a/../../outside.txt"])
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    with pytest.raises(files.FileFault, match="leads out"):
        files.store(path, b"")
    with pytest.raises(files.FileFault, match="leads out"):
        files.check_present(path, 0)


def test_nothing_is_left_beside_a_stored_file(document_root: Path) -> None:
    files.store("a/b.txt", b"once")
    files.store("a/b.txt", b"twice")
    assert [path.name for path in (document_root / "a").iterdir()] == ["b.txt"]
    assert (document_root / "a" / "b.txt").read_bytes() == b"twice"
