"""The rules of ARCHITECTURE.md that a program can check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.companies import make_two

ROOT = Path(__file__).resolve().parents[1]
OURS = ("server", "storage", "integrations", "worker")
LONGEST = 400
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "common",
    "misc",
    "base_service",
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
EXCUSED = re.compile(r"# (type: ignore|noqa|fmt: skip)(\[[\w-]+\]|: [A-Z0-9, ]+)?(.*)$")
# What belongs to all companies, or is found by the id of a room or a person that was checked.
WITHOUT_COMPANY = {"orgs", "migrations", "markers", "search_state"}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_imports_go_downwards_only():
    code = "from importlinter.cli import lint_imports_command as go; go()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sources(*OURS), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_about_something(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST
    assert path.stem not in VAGUE
    assert not UNFINISHED.search(text)
    assert text.startswith('"""') or not text.strip()


@pytest.mark.parametrize("path", sources(*OURS), ids=lambda path: str(path.relative_to(ROOT)))
def test_an_exception_from_a_check_says_why(path):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = EXCUSED.search(line)
        if found and found[1] != "fmt: skip":
            assert found[3].strip(" -#"), f"line {number}: {line.strip()}"


DRIVER = re.compile(r"^\s*(?:import|from) (?:motor|pymongo)", re.MULTILINE)
MOTOR = re.compile(r"^\s*(?:import|from) motor", re.MULTILINE)


def test_only_storage_names_the_driver_and_one_file_of_it_motor():
    for path in sources("server", "worker", "integrations"):
        if "embedded" in path.parts:
            continue  # it speaks to the mongod that it starts, before there is anything to store
        assert not DRIVER.search(path.read_text("utf-8")), path
    named = [path.name for path in sources("storage") if MOTOR.search(path.read_text("utf-8"))]
    assert named == ["mongo.py"]


def test_only_problems_knows_statuses_in_the_domain():
    for path in sources("server/domain", "storage", "integrations"):
        assert "HTTPStatus" not in path.read_text("utf-8"), path


async def test_whatever_is_kept_of_a_company_names_it(app):
    await make_two(app)
    database = app.stores.database
    for name in await database.list_collection_names():
        if name in WITHOUT_COMPANY:
            continue
        async for document in database[name].find():
            assert document.get("org_id") in ("example.com", "example.org"), (name, document)
