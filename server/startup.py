"""What stops a start, said in one sentence to the person who asked for it."""

from __future__ import annotations


class StartupError(Exception):
    """The start cannot go on; the message is one whole sentence that says what to do."""
