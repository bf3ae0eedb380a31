"""The console, against real databases; once as a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from server import cli


@pytest.fixture
def environ(settings):
    """What an operator's shell has set."""
    return {
        "VAXEL_MONGO_URL": settings.mongo_url,
        "VAXEL_REDIS_URL": settings.redis_url,
        "VAXEL_MONGO_DB": settings.mongo_db,
        "VAXEL_DATA_DIR": str(settings.data_dir),
        "LANG": "en_US.UTF-8",
    }


@pytest.fixture
def console(environ, monkeypatch, capsys):
    """Run a command as an operator would; gives its code, output and error."""
    for name in [name for name in os.environ if name.startswith("VAXEL_")]:
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, typed: str = "", language: str = "en_US.UTF-8"):
        monkeypatch.setenv("LANG", language)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out.strip(), said.err.strip()

    return run


def test_the_console_is_a_command_of_its_own(environ):
    clean = {name: text for name, text in os.environ.items() if not name.startswith("VAXEL_")}
    done = subprocess.run(
        [sys.executable, "-m", "server", "org", "add", "Växeldrift"],
        capture_output=True,
        encoding="utf-8",
        env=clean | environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Växeldrift is added; its id is ")


def test_the_first_operator_comes_from_the_console(console):
    assert console("org", "add", "Driftbolaget")[0] == 0
    code, said, _error = console(
        "user", "add", "Op@example.com", "--name", "Op", "--role", "operator",
        typed="ett-riktigt-bra-losenord\n",
    )  # fmt: skip  # one command line
    assert (code, said) == (0, "Op is added to Driftbolaget as operator.")

    code, said, _error = console("user", "list")

    assert said.split() == ["op@example.com", "Op", "Driftbolaget", "operator", "pro"]
    code, _said, error = console("user", "role", "op@example.com", "member")
    assert (code, error) == (1, "A company needs at least one administrator.")


def test_what_cannot_be_done_is_said_in_one_sentence(console):
    add = ("user", "add", "x@example.com", "--name", "X")
    assert console(*add, typed="x")[2].startswith("There are no companies yet")
    console("org", "add", "Ett")
    console("org", "add", "Två")
    for arguments, typed, error in (
        (add, "ett-riktigt-bra-losenord", "There are several companies; say which"),
        ((*add, "--org", "Tre"), "ett-riktigt-bra-losenord", "There is no company called “Tre”"),
        ((*add, "--org", "Ett"), "kort", "The field password needs at least 10 characters."),
        ((*add, "--org", "Ett"), "sommaren2026", "The password is too common."),
        (("user", "add", "x", "--name", "X", "--org", "Ett"), "", "The field email should be"),
        (("user", "block", "x@example.com"), "", "Nobody has the address x@example.com"),
        (("org", "block", "Tre"), "", "There is no company called “Tre”"),
        (("org", "add", "  "), "", "The field name is empty."),
        (("org", "add", "X", "--time-zone", "Mars"), "", "The field time_zone should be"),
    ):
        code, _said, found = console(*arguments, typed=typed)
        assert code == 1, arguments
        assert found.startswith(error), found
        assert "Traceback" not in found


def test_a_command_that_is_not_understood_shows_how_it_is_used(console):
    code, _said, error = console("user", "fly")
    assert code == 2
    assert "usage:" in error


def test_people_are_blocked_let_in_and_given_passwords(console):
    console("org", "add", "Ett")
    good = "ett-riktigt-bra-losenord\n"
    console("user", "add", "chef@example.com", "--name", "Chef", "--role", "admin", typed=good)
    console("user", "add", "nils@example.com", "--name", "Nils", typed=good)

    assert console("user", "block", "nils@example.com")[1].startswith("Nils is blocked")
    assert "blocked" in console("user", "list")[1]
    assert console("user", "unblock", "nils@example.com")[1] == "Nils is let in again."
    assert console("user", "password", "NILS@example.com", typed="ett-annat-bra-losenord\n")[0] == 0
    assert console("user", "role", "nils@example.com", "admin")[1] == "Nils is now admin."
    assert console("org", "block", "ett")[1] == "Ett is blocked."
    assert console("org", "list")[1].split()[1:] == ["Ett", "2", "people", "blocked"]


def test_refusals_come_in_swedish_on_a_swedish_machine(console):
    code, _said, error = console("org", "add", " ", language="sv_SE.UTF-8")
    assert (code, error) == (1, "Fältet name är tomt.")
