"""The key of an embedded installation: made once, kept in its data folder, for its owner alone."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from server.secret_keys import BYTES, parse_keys
from server.startup import StartupError

NAME = "secret.key"


def keys_in(data_dir: Path) -> str:
    """The keys in the folder's key file (mode 600), as in VAXEL_SECRET_KEYS; made when missing.

    The caller holds the folder. Raises StartupError when the file cannot be used.
    """
    path = data_dir / NAME
    try:
        if not path.exists():
            _make(path)
        path.chmod(0o600)
        text = path.read_text("ascii").strip()
        usable = bool(parse_keys(text))
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    if not usable:
        raise _unusable(path, "it is empty")
    return text


def _unusable(path: Path, why: str) -> StartupError:
    return StartupError(
        f"The key file {path} cannot be used ({why}); put it back from your backup, or remove it "
        "and make new credentials for your telephone exchanges."
    )


def _make(path: Path) -> None:
    made = f"local:{base64.b64encode(secrets.token_bytes(BYTES)).decode()}\n"
    half = path.with_suffix(".new")  # an interrupted start leaves no half a key
    opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
