"""Mail goes to an SMTP server when there is one, else into files that anyone can open."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from integrations.contract import AccessLost, BadAnswer, Unreachable

PATIENCE = 20.0
PORTS = {"smtp": 587, "smtps": 465}

log = logging.getLogger("vaxel.mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader sees it."""

    to: str
    subject: str
    language: str
    text: str = field(repr=False)
    html: str = field(repr=False)


async def send(smtp_url: str | None, sender: str, folder: Path, letter: Letter) -> None:
    """Send by the server at *smtp_url* (smtp:// or smtps://), or write a file in *folder*.

    Raises Unreachable, AccessLost when the server wants another password, BadAnswer when it will
    never take this mail.
    """
    message = compose(sender, letter)
    if smtp_url is None:
        path = await asyncio.to_thread(_write, folder, letter.to, message)
        log.info("mail.written", extra={"path": str(path)})
        return
    await _send(smtp_url, message)
    log.info("mail.sent", extra={"message_id": message["Message-ID"]})


def compose(sender: str, letter: Letter) -> EmailMessage:
    """The message, as text and as HTML."""
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = letter.language  # set_content drops what was said of content
    return message


def _write(folder: Path, to: str, message: EmailMessage) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.@+-]", "_", to)[:100]
    path = (folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{safe}.eml").absolute()
    # A mail can carry a link that opens an account: nobody else on this machine needs it.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
    return path


async def _send(smtp_url: str, message: EmailMessage) -> None:
    url = urlsplit(smtp_url)
    try:
        await aiosmtplib.send(
            message,
            hostname=url.hostname,
            port=url.port or PORTS.get(url.scheme, 25),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            timeout=PATIENCE,
        )
    except aiosmtplib.SMTPAuthenticationError as error:
        raise AccessLost(f"The mail server says {error.code}") from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refusal(max(each.code for each in error.recipients), error) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal(error.code, error) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise Unreachable(str(error)) from error


def _refusal(code: int, error: Exception) -> Unreachable | BadAnswer:
    """By SMTP, 4xx means later and 5xx means never."""
    return BadAnswer(str(error)) if code >= 500 else Unreachable(str(error))
