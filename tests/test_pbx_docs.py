"""What docs/pbx.md tells those who connect an exchange works as it stands there."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.domain.telephony import exchanges
from tests.cast import make_company
from tests.exchange import give_number

PAGE = (Path(__file__).resolve().parents[1] / "docs/pbx.md").read_text("utf-8")
PROGRAMS = {"sh": ["sh", "-c"], "python": [sys.executable, "-c"]}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


async def run(live: Any, made: dict[str, Any], language: str, more: str = "") -> Any:
    """What the program in the page prints, with our address, key and secret in it."""
    [text] = blocks(language)
    for written, ours in (
        ("https://vaxel.example.com", live.url),
        ("vxk_…", made["key"]),
        ("vxs_…", made["secret"]),
    ):
        assert written in text
        text = text.replace(written, ours)
    process = await asyncio.create_subprocess_exec(
        *PROGRAMS[language], text + more, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return said.decode()


@pytest.mark.parametrize("language", ["sh", "python"])
async def test_the_programs_in_the_page_are_let_in(live, language):
    if language == "sh" and not (shutil.which("openssl") and shutil.which("curl")):
        pytest.skip("openssl and curl are not here")
    cast = await make_company(live.app)
    made = await exchanges.add(live.app, cast["astrid"], "Källaren")
    assert json.loads(await run(live, made, language)) == {"applied": 0, "next_seq": 1}


async def test_the_examples_in_the_page_are_taken_as_it_says(live):
    cast = await make_company(live.app)
    made = await exchanges.add(live.app, cast["astrid"], "Källaren")
    await give_number(live.app, "example.com", "101", cast["astrid"].id, "extension")
    call, batch, line = (json.loads(text) for text in blocks("json"))
    more = (
        f"print(json.dumps(ask('/pbx/v1/events', {batch!r})))\n"
        f"print(json.dumps(ask('/pbx/v1/events', {{**{batch!r}, 'events': [{line!r}]}})))\n"
        f"print(json.dumps(ask('/pbx/v1/route', {call!r}, patience=20)['steps'][0]['do']))\n"
    )
    _first, *told = (await run(live, made, "python", more)).splitlines()
    assert [json.loads(each) for each in told] == [
        {"applied": 3, "next_seq": 4},
        {"applied": 0, "next_seq": 4, "missing": {"from": 4, "to": 4}},
        "ring",
    ]
