"""The sign of life that the worker leaves in Redis and /health/ready looks for."""

from __future__ import annotations

KEY = "vaxel:worker:heartbeat"
EVERY_SECONDS = 5
LASTS_SECONDS = 20
