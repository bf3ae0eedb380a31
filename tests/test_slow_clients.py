from types import SimpleNamespace

import pytest

from server.sockets.connections import Connection, Connections


class Pipe:
    """A transport whose network takes nothing until `drain`."""

    def __init__(self):
        self.unread = self.heard = 0
        self.aborted = False

    def is_closing(self):
        return self.aborted

    def write(self, data):
        self.unread += len(data)

    def get_write_buffer_size(self):
        return self.unread

    def drain(self):
        self.heard += self.unread
        self.unread = 0

    def abort(self):
        self.aborted = True


@pytest.fixture
def connections():
    return Connections(slow_client_bytes=1000)


def device(connections, name):
    found = Connection(
        sid=name,
        socket=SimpleNamespace(sid=name),
        user_id=name,
        org_id="org",
        session_id=name,
        locale="sv",
    )
    found.transport = Pipe()
    connections.add(found)
    return found


def tell(connections, size):
    connections.deliver(["org:org"], [b""], b"x" * size)


def test_one_large_commit_makes_nobody_slow(connections):
    pipe = device(connections, "astrid").transport
    tell(connections, 5000)
    pipe.drain()
    tell(connections, 5000)
    pipe.drain()
    assert not pipe.aborted
    assert pipe.heard == 10_000


def test_who_does_not_read_is_hung_up_on_and_the_others_hear_everything(connections):
    slow, brisk = (device(connections, name).transport for name in ("astrid", "birger"))
    for _ in range(5):
        tell(connections, 600)
        brisk.drain()
    assert slow.aborted
    assert slow.unread <= 1600
    assert not brisk.aborted
    assert brisk.heard == 3000


def test_who_asks_and_asks_but_never_reads_is_hung_up_on(connections):
    astrid = device(connections, "astrid")
    for _ in range(5):
        astrid.send(b"x" * 600)
    assert astrid.transport.aborted
    assert astrid.transport.unread < 2000
