"""Mail over SMTP, against a server that answers as real ones do."""

from __future__ import annotations

import asyncio
import email
import email.policy
import stat
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from integrations import mail
from integrations.contract import AccessLost, BadAnswer, Unreachable
from integrations.mail import Letter

SENDER = "Växel <no-reply@example.com>"
LETTER = Letter("åsa@example.com", "Välkommen", "sv", "Hej Åsa!\n", "<p>Hej Åsa!</p>")
PLAIN = Letter("birger@example.com", "Välkommen", "sv", "Hej!\n", "<p>Hej!</p>")


@dataclass
class PostOffice:
    """Speaks SMTP; says *answers* instead of yes where it has one."""

    answers: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com\r\n")
        while line := (await reader.readline()).decode().strip():
            self.heard.append(line)
            verb = line.split()[0].upper()
            answer = self.answers.get(verb, "250 OK")
            if verb == "EHLO" and verb not in self.answers:
                answer = "250-mail.example.com\r\n250-SMTPUTF8\r\n250 AUTH PLAIN"
            if verb == "AUTH" and verb not in self.answers:
                answer = "235 OK"
            if verb == "DATA" and verb not in self.answers:
                writer.write(b"354 go on\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(f"{answer}\r\n".encode())
            await writer.drain()
            if verb == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def open_post_office(**answers: str):
    office = PostOffice(answers)
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    try:
        yield office, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_a_letter_is_sent_as_text_and_html_from_who_the_settings_say(tmp_path):
    async with open_post_office() as (office, host):
        await mail.send(f"smtp://nils:p%40ss@{host}", SENDER, tmp_path, PLAIN)

    [raw] = office.mails
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == "Välkommen"
    assert str(message["From"]) == SENDER
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "sv"
    text, html = message.iter_parts()
    assert text.get_content().strip() == "Hej!"
    assert "<p>Hej!</p>" in html.get_content()
    assert any(line.startswith("AUTH PLAIN") for line in office.heard)
    assert list(tmp_path.iterdir()) == []


async def test_an_address_with_swedish_letters_can_be_written_to(tmp_path):
    async with open_post_office() as (office, host):
        await mail.send(f"smtp://{host}", SENDER, tmp_path, LETTER)
    assert len(office.mails) == 1


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"AUTH": "535 wrong password"}, AccessLost),
        ({"RCPT": "550 no such person"}, BadAnswer),
        ({"RCPT": "451 come back later"}, Unreachable),
        ({"MAIL": "421 too busy"}, Unreachable),
        ({"DATA": "554 we do not like it"}, BadAnswer),
        ({"EHLO": "421 closed", "HELO": "421 closed"}, Unreachable),
    ],
)
async def test_what_the_mail_server_says_tells_whether_to_try_again(tmp_path, answers, error):
    async with open_post_office(**answers) as (_office, host):
        with pytest.raises(error):
            await mail.send(f"smtp://nils:pass@{host}", SENDER, tmp_path, PLAIN)


async def test_a_mail_server_that_does_not_answer_is_tried_again(tmp_path):
    with pytest.raises(Unreachable):
        await mail.send("smtp://127.0.0.1:1", SENDER, tmp_path, PLAIN)


async def test_without_a_mail_server_a_file_is_written_that_only_its_owner_reads(tmp_path, caplog):
    await mail.send(None, SENDER, tmp_path / "mail", LETTER)

    [path] = (tmp_path / "mail").iterdir()
    assert path.name.endswith("-åsa@example.com.eml")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "åsa@example.com"
    [record] = [each for each in caplog.records if each.getMessage() == "mail.written"]
    assert record.path == str(path)


async def test_no_name_can_add_a_line_to_the_letters_head():
    with pytest.raises(ValueError, match="line"):
        mail.compose(SENDER, Letter("a@example.com", "Hej\r\nBcc: b@example.com", "sv", "", ""))
