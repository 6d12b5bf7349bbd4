"""A console that looks built: these tests need no Node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from runbell.console import assets

MANIFEST = {
    "src/main.tsx": {
        "file": "assets/main-1a.js",
        "isEntry": True,
        "imports": ["_client-2b.js"],
        "css": ["assets/main-3c.css"],
    },
    "_client-2b.js": {"file": "assets/client-2b.js", "imports": ["src/main.tsx"], "css": ["assets/client-4d.css"]},
    "src/features/run/RunPage.tsx": {"file": "assets/RunPage-5e.js", "css": ["assets/RunPage-6f.css"]},
}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the manifest of a build, in the place of the real one."""
    (tmp_path / assets.MANIFEST).write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    return tmp_path


@pytest.fixture
def viewer() -> User:
    """Somebody who may see runs and nothing else."""
    user = User.objects.create_user("viewer", first_name="Vera", last_name="O'Hara")
    user.user_permissions.add(Permission.objects.get(codename="view_run"))
    return user


@pytest.fixture
def browser(client: Client, viewer: User) -> Client:
    """A browser in which the viewer is signed in."""
    client.force_login(viewer)
    return client
