"""Reads one recording, apart from the server: `python -m server.speech.recording_child 15.0`.

The file comes on stdin, up to so many seconds of it are wanted. The answer on stdout is a WAV, or
the reason why there is none, a key of our sentences. Decoders are C, and the file is a stranger's:
should one of them crash, or have much to say on stderr, it does so here.
"""

from __future__ import annotations

import resource
import sys

from server.speech.audio import NotSound, read_recording, wav

MOST_MEMORY = 2_000_000_000  # of addresses: the libraries alone map several hundred megabytes
MOST_SECONDS = 15  # of the processor's time


def main() -> None:
    """Read, answer, end."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        found = wav(read_recording(sys.stdin.buffer.read(), float(sys.argv[1])))
    except NotSound as error:
        found = error.reason.encode()
    sys.stdout.buffer.write(found)


if __name__ == "__main__":
    main()
