"""One server process: `python -m server.child INDEX`, started by `supervise`."""

from __future__ import annotations

import resource
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
        _raise_file_limit()
        uvloop.run(serve(settings, index))
    except (StartupError, SettingsError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0


def _raise_file_limit() -> None:
    """Each connection is an open file; shells allow about a thousand, the system far more."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
