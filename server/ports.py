"""Where we listen: one port for people, shared by the processes; sockets for each other."""

from __future__ import annotations

import os
import socket
import tempfile
from hashlib import sha256
from pathlib import Path

from server.startup import StartupError

LONGEST_DIR = 90  # a Unix socket's path may have 107 bytes in all


def reserve(host: str, port: int) -> socket.socket:
    """Hold the port (0 means any) for our children, who may share it; nobody is let in yet.

    Raises StartupError when it cannot be had.
    """
    with _bound(host, port, shared=False) as probe:  # refused also when others would share it
        port = probe.getsockname()[1]
    return _bound(host, port, shared=True)


def socket_dir(data_dir: Path) -> Path:
    """Where the processes of one installation meet; a Unix socket's path may have 107 bytes."""
    place = data_dir.absolute() / "run"
    if len(os.fsencode(place)) <= LONGEST_DIR:
        return place
    short = sha256(os.fsencode(place)).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"vaxel-{os.getuid()}-{short}"
    place.mkdir(mode=0o700, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise StartupError(f"{place} belongs to someone else; remove it.")
    return place


def socket_path(run_dir: Path, index: int) -> Path:
    """Where process *index* listens for its siblings."""
    return run_dir / f"server-{index}.sock"


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        found.bind(address)
    except PermissionError as error:
        raise StartupError(
            f"Port {port} needs rights that this user lacks; choose another with VAXEL_PORT."
        ) from error
    except socket.gaierror as error:
        raise StartupError(f"VAXEL_HOST {host} is not an address of this machine.") from error
    except OSError as error:
        raise StartupError(
            f"Port {port} on {host} cannot be used ({error.strerror}); stop the program that uses "
            "it, or choose another with VAXEL_PORT."
        ) from error
    return found
