"""The bench itself: it counts every message, for each candidate. How fast they are is no test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.candidates import NODE, STOCK, VAXEL
from bench.client import BUFFER, SPARE, Client, Tally
from bench.results import Results, Target
from bench.wire import frame, now_us, stamps_of, texts

ROOT = Path(__file__).parents[1]


async def test_a_fact_cut_by_the_network_is_counted_once():
    client = Client(0, {}, Tally())
    client.live = True
    client._ping_due = now_us() + 10**9
    stream = b'..42["room.entry",{"body":"~s0000000000000001~ hej"}]' * 7

    for cut in range(1, len(stream), 5):
        client.facts = 0
        client._tail = b""
        for start in range(0, len(stream), cut):
            part = stream[start : start + cut]
            BUFFER[SPARE : SPARE + len(part)] = part
            client.buffer_updated(len(part))
        assert client.facts == 7


async def test_a_time_cut_by_the_network_is_read_once():
    tally = Tally()
    client = Client(0, {}, tally)
    client.live = True
    client.stamps = stamps_of("s")
    client._ping_due = now_us() + 10**9
    stream = b'42["room.entry",{"body":"~s0000000000000001~ hej"}]' * 3

    for part in (stream[:31], stream[31:40], stream[40:]):
        BUFFER[SPARE : SPARE + len(part)] = part
        client.buffer_updated(len(part))

    assert client.facts == len(tally.waits()) == 3


@pytest.mark.parametrize("size", [0, 1, 125, 126, 300, 1500])
def test_a_client_frame_can_be_unmasked(size):
    text = os.urandom(size)
    key = b"\x01\x02\x03\x04" * 512
    made = frame(text, key)
    body = made[-size:] if size else b""
    assert bytes(a ^ b for a, b in zip(body, key, strict=False)) == text
    assert made[:1] == b"\x81"


def test_frames_of_a_server_are_taken_apart_and_the_rest_is_left():
    stream = b"\x81\x03abc" + b"\x81\x7e\x00\xc8" + b"x" * 200 + b"\x81\x05ab"
    found, used = texts(stream)
    assert found == [b"abc", b"x" * 200]
    assert used == len(stream) - 4


def test_a_missed_target_is_said_and_a_ratio_is_of_runs_side_by_side():
    results = Results()
    measure = results.measure("S1", "saturated", "deliveries/s", "more", Target(NODE, 4))
    for ours, theirs in ((100.0, 50.0), (900.0, 100.0), (30.0, 10.0)):
        measure.add(VAXEL, ours)
        measure.add(NODE, theirs)
    assert measure.ratio(NODE) == 3.0
    assert ">= 4 x node MISSED" in results.table()


@pytest.mark.parametrize("name", [VAXEL, STOCK])
def test_all_that_is_sent_is_delivered_and_all_that_was_missed_is_synced(name):
    """A small fan-out and a small reconnect, in a process of their own."""
    script = f"""
import asyncio, dataclasses
from bench import arena, fanout, reconnect, race, databases
from bench.candidates import Ground
from bench.results import Results
fanout.WINDOWS = {{20: (10,)}}
reconnect.CLIENTS = 20
pace = dataclasses.replace(arena.QUICK, seconds=0.3, sweep_seconds=0.2)
results = Results()
with databases.running() as servers:
    asyncio.run(fanout.run(["{name}"], servers, pace, results))
    asyncio.run(reconnect.run(["{name}"], servers, pace, results))
assert not results.lost, results.lost
rate = results.measures[0][0].median("{name}")
assert rate and rate > 0
print(results.table())
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every message was acked" in done.stdout
