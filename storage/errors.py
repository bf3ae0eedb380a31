"""What storage can fail with."""

from __future__ import annotations

from pymongo.errors import (
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError


class Unavailable(Exception):
    """The database did not take it in time; it may have been kept. Asking again is safe."""


AWAY = (
    Unavailable,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    WriteConcernError,
    RedisConnectionError,
    RedisTimeoutError,
)


def is_away(error: BaseException) -> bool:
    """Whether *error* says that a server behind us is away or changing roles: worth a retry."""
    if isinstance(error, AWAY):
        return True
    if isinstance(error, OperationFailure):
        return error.has_error_label("RetryableWriteError") or error.code in NOT_PRIMARY
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")


# MongoDB's codes for a server that is shutting down, stepping down or not (yet) primary.
NOT_PRIMARY = frozenset({91, 189, 262, 10107, 11600, 11602, 13435, 13436})
