"""What is written about Växel is true of it: commands, settings, sentences, jobs, routes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession, web

from server import __main__ as console
from server import reference
from server.domain.events import Fact
from server.domain.jobs import Job
from server.http.describe import description_of
from server.http.openapi import TAGS
from server.i18n import has, sentences
from server.problems import KINDS
from server.serve import TABLES
from server.settings import Settings, environment_name
from server.sockets.commands import commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
FOLDERS = ("server", "storage", "integrations", "worker", "bench", "tests", "web/src", "web/public")
SETTING = re.compile(r"VAXEL_[A-Z_]*[A-Z]")
PLACEHOLDER = re.compile(r"{{?\s*(\w+)")


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


# Commands and facts


def test_the_page_of_commands_and_facts_is_as_the_program_writes_it(capsys):
    assert console.main(["events"]) == 0
    assert read("server/EVENTS.md") == capsys.readouterr().out, "python -m server events"


def test_every_command_says_what_it_does_and_answers():
    assert set(reference.ACKS) == set(commands)
    assert all(command.summary.endswith(".") for command in commands.values())


def test_every_fact_is_described_and_told_somewhere():
    assert set(reference.FACTS) == set(Fact)
    source = "".join(path.read_text("utf-8") for path in (ROOT / "server").rglob("*.py"))
    untold = [fact.name for fact in Fact if source.count(f"Fact.{fact.name}") < 2]
    assert not untold, "described, but never told"


# Settings


def test_the_readme_has_the_table_of_settings(capsys):
    assert console.main(["settings"]) == 0
    for line in capsys.readouterr().out.splitlines():
        assert line in read("README.md"), "python -m server settings"


def test_production_names_every_setting_and_no_other():
    names = {environment_name(each.name) for each in fields(Settings)}
    settings = yaml.safe_load(read("docker-compose.yml"))["x-settings"]
    assert set(settings) == names
    defaults = {environment_name(each.name): each.default for each in fields(Settings)}
    alike = ["GROUP_MEMBERS", "MESSAGE_LENGTH", "HISTORY_PAGE", "SYNC_PAGE", "SEND_BURST"]
    for name in (f"VAXEL_{each}" for each in alike):
        assert settings[name] == str(defaults[name])


@pytest.mark.parametrize(
    "path",
    [*PAGES, "docker-compose.yml", "Dockerfile", "Makefile", "Caddyfile"],
)
def test_no_page_names_a_setting_that_does_not_exist(path):
    names = {environment_name(each.name) for each in fields(Settings)}
    assert not set(SETTING.findall(read(path))) - names


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(page)):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (ROOT / target).exists(), f"{page} leads to {target}"


def test_files_and_functions_that_the_pages_name_exist():
    known = {
        path.relative_to(ROOT).as_posix() for top in FOLDERS for path in (ROOT / top).rglob("*")
    }
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        for named in re.findall(
            r"`((?:[\w.-]+/)*[\w-]+\.(?:py|json|toml|tsx?|md))(?::|`)", read(page)
        ):
            found = any(path == named or path.endswith(f"/{named}") for path in known)
            assert found or (ROOT / named).exists(), f"{page} names {named}"


# Sentences


def flat(path: Path) -> dict[str, str]:
    def walk(node: dict[str, object], prefix: str) -> Iterator[tuple[str, str]]:
        for key, value in node.items():
            if isinstance(value, dict):
                yield from walk(value, f"{prefix}{key}.")
            else:
                yield prefix + key, str(value)

    return dict(walk(json.loads(path.read_text("utf-8")), ""))


LOCALES = [ROOT / "server/locale/sv.json", *sorted((ROOT / "web/src/locale/sv").glob("*.json"))]


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_languages_say_the_same_things_with_the_same_facts(path):
    swedish = flat(path)
    other = (
        path.with_name("en.json") if path.name == "sv.json" else path.parents[1] / "en" / path.name
    )
    english = flat(other)
    assert set(swedish) == set(english)
    for key, sentence in swedish.items():
        assert bool(sentence.strip()) == bool(english[key].strip()), key
        assert set(PLACEHOLDER.findall(sentence)) == set(PLACEHOLDER.findall(english[key])), key


def test_every_refusal_of_the_domain_has_its_sentence():
    """`raise Invalid("field", "reason")` and its like: the reason is a key of the locale files."""
    kinds = {kind.__name__: name for kind, (name, _status) in KINDS.items()}
    missing = []
    for path, call, name in raised():
        at = 1 if name in ("Invalid", "NotFound") else 0
        reason = call.args[at] if len(call.args) > at else None
        if isinstance(reason, ast.Constant) and isinstance(reason.value, str) and reason.value:
            key = f"problems.{kinds[name]}.{reason.value}"
            if not (has(key) or has(f"import.{reason.value}")):
                missing.append(f"{path.name}:{call.lineno} {key}")
        noun = call.args[0] if name == "NotFound" and call.args else None
        if isinstance(noun, ast.Constant) and not has(f"nouns.{noun.value!s}"):
            missing.append(f"{path.name}:{call.lineno} {noun.value!s}")
    assert not missing, missing


def raised() -> Iterator[tuple[Path, ast.Call, str]]:
    """Every place where a refusal is made, and which."""
    names = {kind.__name__ for kind in KINDS}
    for path in sorted((ROOT / "server").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in names and path.name != "errors.py":
                yield path, node, node.func.id


def test_every_kind_of_problem_has_title_and_detail():
    for name in [*(name for name, _status in KINDS.values()), "unexpected"]:
        assert has(f"problems.{name}.title")
        assert has(f"problems.{name}.detail")


def test_sentences_are_sentences():
    for locale in ("sv", "en"):
        for key, sentence in sentences(locale).items():
            if key.startswith("problems.") and not key.endswith(".title"):
                assert sentence.endswith("."), f"{locale} {key}"


# Jobs and routes


def test_every_job_has_its_task_and_every_task_its_job(monkeypatch):
    monkeypatch.setenv("VAXEL_REDIS_URL", "redis://127.0.0.1:1")
    from worker.main import celery
    from worker.schedule import SCHEDULE

    celery.loader.import_default_modules()
    own = {name for name in celery.tasks if not name.startswith("celery.")}
    assert own == {job.value for job in Job}
    assert {each["task"] for each in SCHEDULE.values()} <= own


def test_every_route_says_what_it_does():
    for route in (route for table in TABLES for route in table.routes):
        if route.path.startswith("/api/") and not route.path.endswith(".css"):
            said = description_of(route.handler)
            assert said is not None, f"{route.method} {route.path}"
            assert said.summary
            assert set(said.tags) <= set(TAGS)
            assert said.tags


async def test_the_description_lists_every_route_of_the_api(live):
    async with ClientSession(live.url) as http:
        async with http.get("/api/openapi.json") as answer:
            document = await answer.json()
        async with http.get("/api/docs") as answer:
            page = await answer.text()
            assert "<script" not in page
    listed = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    application = web.Application()
    for table in TABLES:
        application.add_routes(table.routes)
    routes = {
        (route.method, route.resource.canonical)
        for route in application.router.routes()
        if route.resource
        and route.resource.canonical.startswith("/api/")
        and route.method != "HEAD"
    } - {("GET", "/api/docs.css")}
    assert routes <= listed
    for method, path in routes:
        assert document["paths"][path][method.lower()]["summary"] in unescape(page)
    ids = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert len(ids) == len(set(ids))
