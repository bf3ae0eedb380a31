"""`python -m server run | settings | events | org | user | secrets`."""

from __future__ import annotations

import sys
from dataclasses import fields

from server.settings import Settings, SettingsError, environment_name, read_settings

USAGE = """Växel

  python -m server run [--port N] [--processes N]   start everything and serve
  python -m server settings                         every setting and its default
  python -m server events                           commands and facts, as in server/EVENTS.md
  python -m server org …                            companies: add, list, block
  python -m server user …                           people: add, list, password, role, block
  python -m server secrets rotate                   encrypt what is kept secret with the first key
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    try:
        # Each command loads what it needs alone: `run` is to be ready soon.
        if command == "run":
            return _run(rest)
        if command == "settings":
            sys.stdout.write(settings_table())
            return 0
        if command == "events":
            from server import reference  # noqa: PLC0415 - it loads every door

            sys.stdout.write(reference.events_page())
            return 0
        if command in ("org", "user", "secrets"):
            from server import cli  # noqa: PLC0415 - it loads every use case

            return cli.main(arguments)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(USAGE)
    return 0 if command in ("help", "-h", "--help") else 2


def _run(arguments: list[str]) -> int:
    import argparse  # noqa: PLC0415 - only this command needs it

    from server import supervise  # noqa: PLC0415 - the other commands start faster without it

    parser = argparse.ArgumentParser(prog="python -m server run")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--processes", type=int, help="server processes sharing the port")
    chosen = parser.parse_args(arguments)
    return supervise.run(read_settings(port=chosen.port, processes=chosen.processes))


def settings_table() -> str:
    """Every setting as a Markdown table."""
    lines = ["| Name | Default | What it is |", "|---|---|---|"]
    for each in fields(Settings):
        default = int(each.default) if isinstance(each.default, bool) else each.default
        shown = "" if default is None else str(default)
        lines.append(f"| `{environment_name(each.name)}` | {shown} | {each.metadata['help']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before `run` had begun to listen for it
        sys.exit(130)
