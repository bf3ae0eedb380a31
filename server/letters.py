"""Letters to people: worded in their language and handed to the mail integration."""

from __future__ import annotations

import logging
from html import escape

from integrations import mail as post_office
from integrations.contract import BadAnswer
from integrations.mail import Letter
from server.app import App
from server.domain.accounts import mailing
from server.i18n import say
from storage.models import Mail

log = logging.getLogger("vaxel.mail")


async def send_mail(app: App, mail_id: str) -> None:
    """Send a waiting mail, once. Raises Unreachable or AccessLost: try again later."""

    async def send(mail: Mail) -> None:
        settings = app.settings
        folder = settings.data_dir / "mail"
        try:
            await post_office.send(settings.smtp_url, settings.mail_from, folder, render(mail))
        except BadAnswer as error:  # it will never be taken: keeping it would keep its secret
            log.warning("mail.refused", extra={"mail_id": mail.id, "reason": str(error)})

    await mailing.deliver(app, mail_id, send)


def render(mail: Mail) -> Letter:
    """The mail's words, as text and as HTML."""

    def words(part: str) -> str:
        return say(f"mail.{mail.kind}.{part}", mail.language, **mail.facts)

    paragraphs = [words("greeting"), words("body")]
    link = mail.facts.get("link")
    closing = [words("after"), say("mail.signature", mail.language)]
    text = "\n\n".join([*paragraphs, *([link] if link else []), *closing]) + "\n"
    html = _html(mail.language, words("subject"), paragraphs, link, words("button"), closing)
    return Letter(mail.to, words("subject"), mail.language, text, html)


def _html(
    language: str,
    subject: str,
    paragraphs: list[str],
    link: str | None,
    button: str,
    closing: list[str],
) -> str:
    """A page that every mail reader can show: a table, inline styles, no pictures."""
    style = "margin:0 0 16px;font:16px/1.5 Helvetica,Arial,sans-serif;color:#1f2933"
    blocks = [f'<p style="{style}">{escape(each)}</p>' for each in paragraphs]
    if link:
        look = (
            "display:inline-block;padding:12px 24px;border-radius:8px;background:#0b7285;"
            "color:#ffffff;text-decoration:none;font:600 16px Helvetica,Arial,sans-serif"
        )
        address = escape(link)
        blocks.append(
            f'<p style="{style}"><a href="{address}" style="{look}">{escape(button)}</a></p>'
        )
        blocks.append(f'<p style="{style};font-size:13px;word-break:break-all">{address}</p>')
    blocks += [f'<p style="{style};color:#616e7c">{escape(each)}</p>' for each in closing]
    cell = "padding:32px;background:#ffffff;border-radius:12px;text-align:left"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>"
        '<body style="margin:0;padding:24px;background:#f5f7fa"><table role="presentation" '
        'align="center" width="560" style="max-width:100%"><tr>'
        f'<td style="{cell}">{"".join(blocks)}</td></tr></table></body></html>\n'
    )
