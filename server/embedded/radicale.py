"""A real Radicale: the calendars of the demo's people, for any CalDAV client on this machine.

Whoever has a line in `users` has a calendar and an address book of their own there. The passwords
are made by us and good for nothing else; the file is for its owner alone.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

from server.embedded.daemon import Daemon, Recipe, answers

NAME = "radicale"
CALENDAR = "kalender"
BOOK = "kontakter"
COLLECTIONS = {
    CALENDAR: {
        "D:displayname": "Kalender",
        "ICAL:calendar-color": "#2f6fdf",
        "C:supported-calendar-component-set": "VEVENT",
        "tag": "VCALENDAR",
    },
    BOOK: {"D:displayname": "Kontakter", "tag": "VADDRESSBOOK"},
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def begin(data_dir: Path, port: int | None = None) -> Daemon:
    """Start Radicale with its data under *data_dir* and return at once."""
    folder = data_dir / NAME
    folder.mkdir(parents=True, exist_ok=True)
    _users(data_dir).touch(mode=0o600)

    def command(port: int) -> list[str | Path]:
        return [
            sys.executable, "-m", "radicale", "--config", "",
            "--hosts", f"127.0.0.1:{port}", "--server-max-connections", "40",
            "--auth-type", "htpasswd", "--auth-htpasswd-filename", _users(data_dir),
            "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
            "--rights-type", "owner_only", "--web-type", "none",
            "--storage-filesystem-folder", folder / "collections",
            "--storage-folder-umask", "0077",
            "--storage-predefined-collections", json.dumps(COLLECTIONS),
            "--logging-level", "warning",
        ]  # fmt: skip  # one option and its value belong together

    return Daemon(Recipe(NAME, command, answers, url_of), data_dir, port)


def url_of(port: int) -> str:
    """The address that clients are given."""
    return f"http://127.0.0.1:{port}/"


def serves(data_dir: Path, url: str) -> bool:
    """Whether *url* is that of the server whose data is there."""
    try:
        return url == url_of(int((data_dir / NAME / "port").read_text()))
    except (OSError, ValueError):
        return False


def add_users(data_dir: Path, names: list[str]) -> str:
    """Let these in beside whoever is, all with one password, which is told; made the first time."""
    known = users(data_dir)
    password = next(iter(known.values()), "") or _password()
    known |= {name: known.get(name, password) for name in names}
    half = _users(data_dir).with_suffix(".new")
    opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w") as file:
        file.writelines(f"{name}:{secret}\n" for name, secret in known.items())
    half.rename(_users(data_dir))
    return password


def users(data_dir: Path) -> dict[str, str]:
    """Who may sign in, and with which password; {} where there is no such server."""
    try:
        lines = _users(data_dir).read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _users(data_dir: Path) -> Path:
    return data_dir / NAME / "users"


def _password() -> str:
    """Easy to copy by hand: three words of four letters."""
    words = ("".join(secrets.choice(LETTERS) for _letter in range(4)) for _word in range(3))
    return "-".join(words)
