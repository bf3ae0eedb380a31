"""One server process: `python -m server.child INDEX`, started by `supervise`."""

from __future__ import annotations

import sys

import uvloop

from server import logs
from server.serve import serve
from server.settings import SettingsError, read_settings
from server.startup import StartupError


def main() -> int:
    """Serve until SIGTERM. 2 with one sentence on stderr when the start is refused."""
    index = int(sys.argv[1])
    try:
        settings = read_settings()
        logs.configure(settings, process=f"server-{index}")
        uvloop.run(serve(settings, index))
    except (StartupError, SettingsError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
