"""The address that people connect to: held by us, shared by the server processes."""

from __future__ import annotations

import socket

from server.startup import StartupError


def reserve(host: str, port: int) -> socket.socket:
    """Hold the port (0 means any) for our children, who may share it; nobody is let in yet.

    Raises StartupError when it cannot be had.
    """
    with _bound(host, port, shared=False) as probe:  # refused also when others would share it
        port = probe.getsockname()[1]
    return _bound(host, port, shared=True)


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
