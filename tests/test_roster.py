from itertools import count
from types import SimpleNamespace

import pytest

from server.sockets.roster import Roster


@pytest.fixture
def roster():
    numbers = count()
    found = Roster()
    found.server = SimpleNamespace(eio=SimpleNamespace(generate_id=lambda: f"s{next(numbers)}"))
    return found


async def test_a_client_counts_as_connected_only_once_it_is_let_in_and_until_it_leaves(roster):
    sid = await roster.pre_connect("e", "/")
    assert not roster.is_connected(sid, "/")

    await roster.connect(sid, "/")
    assert roster.is_connected(sid, "/")
    assert (roster.eio_sid_from_sid(sid, "/"), roster.sid_from_eio_sid("e", "/")) == ("e", sid)

    assert roster.pre_disconnect(sid, "/") == "e"
    assert not roster.is_connected(sid, "/")
    assert roster.sid_from_eio_sid("e", "/") == sid


async def test_a_session_has_one_client(roster):
    assert await roster.pre_connect("e", "/")
    assert await roster.pre_connect("e", "/") is None


async def test_nothing_is_left_of_those_who_leave_or_are_refused_or_go_in_the_middle(roster):
    left, refused, _gone = [await roster.pre_connect(f"e{n}", "/") for n in range(3)]
    await roster.connect(left, "/")

    await roster.disconnect(left, "/", ignore_queue=True)
    await roster.disconnect(refused, "/")
    await roster.disconnect(refused, "/")
    roster.forget("e2")

    assert len(roster) == 0
    assert not roster._between
    assert not roster._clients
    assert not roster.is_connected(None, "/")
