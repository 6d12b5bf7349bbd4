"""The reference pages say what the code says."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.urls import reverse

from runbell.api.main import api
from runbell.api.problems import TITLES
from runbell.conf import Settings
from runbell.domain.actors import Permission
from runbell.domain.states import TRANSITIONS, State
from runbell.management.cli.exit_codes import ExitCode
from runbell.management.cli.registry import SUBCOMMANDS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]*))?\)")


def rows(page: str) -> dict[str, list[str]]:
    """Return the tables of a reference page: first cell without its backticks, then the others."""
    table: dict[str, list[str]] = {}
    for line in (REFERENCE / page).read_text().splitlines():
        if line.startswith("| "):
            first, *others = [cell.strip() for cell in line.strip("|").split(" | ")]
            table.setdefault(first.strip("` |"), [cell.strip("| ") for cell in others])
    return table


def test_every_setting_stands_there_with_its_default() -> None:
    table = rows("settings.md")
    for field in fields(Settings):
        default = f'"{field.default}"' if isinstance(field.default, str) else repr(field.default)
        assert table[field.name][0] == f"`{default}`", field.name


def test_every_state_and_every_transition_stands_there() -> None:
    text = (REFERENCE / "states.md").read_text()
    for state in State:
        assert f"| `{state}` |" in text
    for fact, (sources, target) in TRANSITIONS.items():
        listed = next(
            line for line in text.splitlines() if re.match(rf"\| `{fact}` \| (`\w+`(, )?)+ \| `\w+` \|", line)
        )
        cells = [set(re.findall(r"`(\w+)`", cell)) for cell in listed.split("|")[2:4]]
        assert cells == [{state.value for state in sources}, {target.value}]


def test_every_command_and_every_exit_code_stands_there() -> None:
    table = rows("command-line.md")
    commands = {name.split()[0] for name in table}
    assert set(SUBCOMMANDS) <= commands
    assert {str(code.value) for code in ExitCode} <= set(table)


def test_every_problem_type_stands_there() -> None:
    assert set(TITLES) <= set(rows("http-api.md"))


def test_every_operation_stands_there_with_its_permission() -> None:
    table, root = rows("http-api.md"), reverse("runbell-api:api-root")
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path.removeprefix(root)}".replace("{run_id}", "{id}")
            permission = operation["x-permission"]
            assert table[name][1].startswith(f"`{permission}`" if permission else "none"), name


def test_every_system_check_stands_there() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src" / "runbell").rglob("checks.py"))
    documented = {name for name in rows("system-checks.md") if name.startswith("runbell.")}
    assert set(re.findall(r'id="(runbell\.\w+)"', source)) == documented


def test_every_permission_stands_there() -> None:
    assert {permission.value for permission in Permission} <= set(rows("permissions.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        assert not anchor or anchor in _anchors(there), f"{target}#{anchor}"


def test_every_page_is_on_the_map() -> None:
    linked = {
        (ROOT / "docs" / target).resolve() for target, _ in LINK.findall((ROOT / "docs" / "README.md").read_text())
    }
    missing = {page for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md"} - linked
    assert not missing


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
