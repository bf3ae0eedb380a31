"""What any integration can fail with, and nothing else."""

from __future__ import annotations


class IntegrationError(Exception):
    """A service outside did not do what it was asked."""


class Unreachable(IntegrationError):  # reads as what happened
    """It does not answer, or asks us to come back later: worth trying again."""


class AccessLost(IntegrationError):  # reads as what happened
    """It no longer lets us in: someone must connect it again."""


class BadAnswer(IntegrationError):  # reads as what happened
    """It answered something that cannot be used: trying again will not help."""
