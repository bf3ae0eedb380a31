"""`python -m server org | user | secrets …`: what is done from the server's own console."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from server import embedded
from server.app import App
from server.boot import open_app
from server.domain import resealing, sessions
from server.domain.accounts import admin, audit, invitations, operator, passwords, profile
from server.domain.errors import DomainError
from server.embedded import mongod, secret_file
from server.embedded.daemon import answers
from server.i18n import language_of
from server.problems import problem
from server.settings import Settings, read_settings
from server.startup import StartupError
from storage.models import Org, User

PLANS = ("basic", "pro", "business", "enterprise")
ROLES = ("member", "admin", "attendant", "operator")

Work = Callable[[App, argparse.Namespace], Awaitable[str]]


class Refused(Exception):  # reads as what happened
    """The command cannot be done; the message is one whole sentence."""


def main(arguments: list[str]) -> int:
    """Run one command; the exit code: 0 done, 1 refused, 2 not understood."""
    try:
        chosen = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        print(asyncio.run(_run(chosen)))  # noqa: T201  # the answer to who typed the command
    except (Refused, StartupError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except DomainError as error:
        sys.stderr.write(f"{problem(error, language_of(os.environ.get('LANG')))['detail']}\n")
        return 1
    return 0


async def _run(chosen: argparse.Namespace) -> str:
    work: Work = chosen.work
    async with _app() as app:
        return await work(app, chosen)


@asynccontextmanager
async def _app() -> AsyncIterator[App]:
    """The installation's App; embedded databases that do not run are started for the while."""
    settings = _with_own_key(read_settings())
    if not settings.embedded:
        async with open_app(settings) as app:
            yield app
        return
    try:
        held = embedded.DataDir(settings.data_dir)
    except StartupError:
        async with open_app(_of_the_running(settings)) as app:
            yield app
        return
    try:
        with embedded.start(settings, lambda _sentence: None) as services:
            found = replace(settings, mongo_url=services.mongo_url, redis_url=services.redis_url)
            async with open_app(found) as app:
                yield app
    finally:
        held.release()


def _with_own_key(settings: Settings) -> Settings:
    """With the key that an embedded installation made for itself, if there is one by now."""
    made = settings.data_dir / secret_file.NAME
    if settings.secret_keys is not None or not settings.embedded or not made.exists():
        return settings
    return replace(settings, secret_keys=secret_file.keys_in(settings.data_dir))


def _of_the_running(settings: Settings) -> Settings:
    """Where the embedded databases of the running server listen. Raises Refused."""
    ports = {}
    for name in ("mongod", "redis-server"):
        try:
            ports[name] = int((settings.data_dir / name / "port").read_text())
        except (OSError, ValueError):
            raise Refused(f"{name} in {settings.data_dir} cannot be found.") from None
        if not answers(ports[name]):
            raise Refused(f"{name} does not answer; wait until the server is ready.")
    set_name = mongod.REPLICA_SET
    mongo_url = f"mongodb://127.0.0.1:{ports['mongod']}/?replicaSet={set_name}"
    return replace(
        settings,
        mongo_url=settings.mongo_url or mongo_url,
        redis_url=settings.redis_url or f"redis://127.0.0.1:{ports['redis-server']}/0",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server")
    nouns = parser.add_subparsers(dest="noun", required=True)
    _org_commands(nouns.add_parser("org", help="companies"))
    _user_commands(nouns.add_parser("user", help="people"))
    _secret_commands(nouns.add_parser("secrets", help="what is kept encrypted"))
    return parser


def _org_commands(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="a new company")
    add.add_argument("name")
    add.add_argument("--language", choices=("sv", "en"), default="sv")
    add.add_argument("--time-zone", default="Europe/Stockholm")
    add.set_defaults(work=_org_add)
    verbs.add_parser("list", help="all companies").set_defaults(work=_org_list)
    for verb, blocked in (("block", True), ("unblock", False)):
        found = verbs.add_parser(verb, help=f"{verb} a company")
        found.add_argument("org", help="its name or id")
        found.set_defaults(work=_org_block, blocked=blocked)


def _user_commands(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="a new person; asks for a password, or reads it from stdin")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--org", help="the company's name or id; needed when there are several")
    add.add_argument("--role", choices=ROLES, default="member")
    add.add_argument("--plan", choices=PLANS, default="pro")
    add.add_argument("--language", choices=("sv", "en"))
    add.add_argument("--invite", action="store_true", help="mail an invitation instead")
    add.set_defaults(work=_user_add)
    listing = verbs.add_parser("list", help="all people")
    listing.add_argument("--org", help="only of this company")
    listing.set_defaults(work=_user_list)
    password = verbs.add_parser("password", help="a new password, asked for or read from stdin")
    role = verbs.add_parser("role", help="a new role")
    block = verbs.add_parser("block", help="shut a person out")
    unblock = verbs.add_parser("unblock", help="let a person in again")
    for each in (password, role, block, unblock):
        each.add_argument("email")
    role.add_argument("role", choices=ROLES)
    password.set_defaults(work=_user_password)
    role.set_defaults(work=_user_role)
    block.set_defaults(work=_user_block, blocked=True)
    unblock.set_defaults(work=_user_block, blocked=False)


def _secret_commands(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    rotate = verbs.add_parser("rotate", help="encrypt everything anew with the first key")
    rotate.set_defaults(work=_secrets_rotate)


async def _org_add(app: App, chosen: argparse.Namespace) -> str:
    org = await operator.found(app, None, chosen.name, chosen.language, chosen.time_zone)
    return f"{org.name} is added; its id is {org.id}."


async def _org_list(app: App, _chosen: argparse.Namespace) -> str:
    counts = await app.stores.users.counts()
    rows = [
        (org.id, org.name, f"{counts.get(org.id, 0)} people", "blocked" if org.blocked else "")
        for org in await app.stores.orgs.all()
    ]
    return _table(rows) or "There are no companies yet; add one with: org add NAME"


async def _org_block(app: App, chosen: argparse.Namespace) -> str:
    org = await _org(app, chosen.org)
    await operator.set_blocked(app, None, org, blocked=chosen.blocked)
    return f"{org.name} is {'blocked' if chosen.blocked else 'let in again'}."


async def _org(app: App, named: str | None) -> Org:
    """The company with this id or name, or the only one. Raises Refused."""
    orgs = await app.stores.orgs.all()
    if not orgs:
        raise Refused("There are no companies yet; add one with: org add NAME")
    if named is None:
        if len(orgs) > 1:
            raise Refused("There are several companies; say which with --org NAME.")
        return orgs[0]
    found = [org for org in orgs if org.id == named or org.name.casefold() == named.casefold()]
    if len(found) != 1:
        many = "There are several companies called" if found else "There is no company called"
        raise Refused(f"{many} “{named}”; `org list` shows their ids.")
    return found[0]


async def _user(app: App, email: str) -> User:
    """The person with this address. Raises Refused."""
    user = await app.stores.users.by_email(email)
    if user is None:
        raise Refused(f"Nobody has the address {email}; `user list` shows everyone.")
    return user


async def _user_add(app: App, chosen: argparse.Namespace) -> str:
    org = await _org(app, chosen.org)
    email = profile.checked({"email": chosen.email})["email"]
    password = None if chosen.invite else _ask_password(email)
    names = ("name", "role", "plan", "language")
    fields = {"email": email, **{name: getattr(chosen, name) for name in names}}
    user = await admin.enrol(app, None, org, fields)
    if password is None:
        await invitations.invite(app, None, user)
        return f"{user.name} is added to {org.name}, and an invitation is on its way."
    await passwords.choose(app, user, password)
    return f"{user.name} is added to {org.name} as {user.role}."


async def _user_list(app: App, chosen: argparse.Namespace) -> str:
    orgs = [await _org(app, chosen.org)] if chosen.org else await app.stores.orgs.all()
    rows = [
        (user.email, user.name, org.name, user.role, user.plan, "blocked" if user.blocked else "")
        for org in orgs
        for user in await app.stores.users.of_org(org.id)
        if user.role != "bot"
    ]
    return _table(rows) or "There is nobody yet; add someone with: user add EMAIL --name NAME"


async def _user_password(app: App, chosen: argparse.Namespace) -> str:
    user = await _user(app, chosen.email)
    await passwords.choose(app, user, _ask_password(user.email))
    await sessions.end_all(app, user, "password_changed")
    await audit.record(app, None, "password.changed", user)
    return f"{user.name} has a new password and is signed out everywhere."


async def _user_role(app: App, chosen: argparse.Namespace) -> str:
    user = await _user(app, chosen.email)
    await admin.change(app, None, user, {"role": chosen.role})
    return f"{user.name} is now {chosen.role}."


async def _user_block(app: App, chosen: argparse.Namespace) -> str:
    user = await _user(app, chosen.email)
    if chosen.blocked:
        await admin.shut_out(app, None, user)
        return f"{user.name} is blocked and signed out everywhere."
    await admin.let_in(app, None, user)
    return f"{user.name} is let in again."


async def _secrets_rotate(app: App, _chosen: argparse.Namespace) -> str:
    done = await resealing.reseal(app)
    if done.unreadable:
        raise Refused(
            f"{done.changed} secrets are encrypted anew, but {done.unreadable} do not open with "
            "any key that is set. Keep the keys; who owns those secrets makes them anew."
        )
    return (
        f"{done.changed} secrets are encrypted anew with the first key, {done.current} were so "
        "already. The other keys are no longer needed."
    )


def _ask_password(email: str) -> str:
    """A password that may be used, typed twice or from the first line of stdin. Raises Refused."""
    if sys.stdin.isatty():
        password = getpass.getpass("New password: ")
        if getpass.getpass("The same again: ") != password:
            raise Refused("The two passwords are not the same; nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    passwords.check(password, email, "password")
    return password


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)
