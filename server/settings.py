"""Every setting, read once from VAXEL_* in the environment. Unknown names stop the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from server.secret_keys import parse_keys
from server.speech.voices import voices_of

PREFIX = "VAXEL_"


class SettingsError(Exception):
    """A setting that cannot be used; the message is one sentence naming it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may choose. In the environment: VAXEL_ and the field in capitals."""

    host: str = field(default="127.0.0.1", metadata={"help": "Address to listen on."})
    port: int = field(default=8080, metadata={"help": "Port to listen on."})
    data_dir: Path = field(
        default=Path("data"), metadata={"help": "Folder for embedded servers' data, mail and logs."}
    )
    mongo_url: str | None = field(
        default=None,
        repr=False,
        metadata={"help": "MongoDB replica set URL; without one an embedded mongod is started."},
    )
    mongo_db: str = field(default="vaxel", metadata={"help": "Name of the database."})
    redis_url: str | None = field(
        default=None,
        repr=False,
        metadata={"help": "Redis URL; without one an embedded redis-server is started."},
    )
    public_url: str | None = field(
        default=None,
        metadata={"help": "Address people type, used in mail and to check Origin."},
    )
    processes: int = field(default=1, metadata={"help": "Server processes sharing the port."})
    smtp_url: str | None = field(
        default=None,
        repr=False,
        metadata={"help": "smtp://user:password@host:port or smtps://…; without one: .eml files."},
    )
    mail_from: str = field(
        default="Växel <no-reply@localhost>", metadata={"help": "Sender of mail."}
    )
    demo: bool = field(
        default=True,
        metadata={
            "help": "Fill an empty embedded database with the demo companies; 0 turns it off."
        },
    )
    secret_keys: str | None = field(
        default=None,
        repr=False,
        metadata={
            "help": "Keys that encrypt exchanges' secrets, id:base64 of 32 bytes, the first "
            "encrypts; an embedded installation keeps one in its data folder."
        },
    )
    speech: str = field(
        default="espeak",
        metadata={
            "help": "Who reads announcements: espeak (offline), or polly (AWS; what is said leaves "
            "the installation)."
        },
    )
    speech_voice: str | None = field(
        default=None, metadata={"help": "Voices by language, like sv=Elin,en=Amy."}
    )
    speech_speed: int = field(default=150, metadata={"help": "Words a minute of espeak."})
    aws_region: str = field(default="eu-central-1", metadata={"help": "Region of AWS Polly."})
    aws_key_id: str | None = field(
        default=None,
        metadata={"help": "Access key of AWS; without one boto3 looks where it always does."},
    )
    aws_secret_key: str | None = field(
        default=None, repr=False, metadata={"help": "The secret of that access key."}
    )
    aws_url: str | None = field(
        default=None, metadata={"help": "Address of Polly, if not the region's own."}
    )
    microsoft_client_id: str | None = field(
        default=None,
        metadata={"help": "Application (client) id at Microsoft Entra; without one: not offered."},
    )
    microsoft_client_secret: str | None = field(
        default=None, repr=False, metadata={"help": "That application's secret."}
    )
    microsoft_authority: str = field(
        default="https://login.microsoftonline.com",
        metadata={"help": "Where Microsoft signs people in."},
    )
    microsoft_graph_url: str = field(
        default="https://graph.microsoft.com", metadata={"help": "Address of Microsoft Graph."}
    )
    google_client_id: str | None = field(
        default=None, metadata={"help": "OAuth client id at Google; without one: not offered."}
    )
    google_client_secret: str | None = field(
        default=None, repr=False, metadata={"help": "That client's secret."}
    )
    google_auth_url: str = field(
        default="https://accounts.google.com/o/oauth2/v2/auth",
        metadata={"help": "Where Google asks for consent."},
    )
    google_token_url: str = field(
        default="https://oauth2.googleapis.com/token",
        metadata={"help": "Where Google gives tokens."},
    )
    google_revoke_url: str = field(
        default="https://oauth2.googleapis.com/revoke",
        metadata={"help": "Where Google takes them back."},
    )
    google_calendar_url: str = field(
        default="https://www.googleapis.com/calendar/v3/",
        metadata={"help": "Address of Google Calendar, its path included."},
    )
    google_people_url: str = field(
        default="https://people.googleapis.com/", metadata={"help": "Address of Google People."}
    )
    ca_file: Path | None = field(
        default=None,
        metadata={"help": "Certificates (PEM) to trust beside the usual ones."},
    )
    private_networks: bool = field(
        default=False,
        metadata={"help": "1 lets calendars be fetched from private networks and this machine."},
    )
    calendar_url: str | None = field(
        default=None,
        metadata={
            "help": "A CalDAV server of yours that may be reached all the same; the demo embeds "
            "one."
        },
    )
    poll_seconds: int = field(
        default=900,
        metadata={"help": "How often calendars of Microsoft and Google are compared, beside push."},
    )
    caldav_poll_seconds: int = field(
        default=60, metadata={"help": "How often CalDAV and Exchange calendars are compared."}
    )
    ics_poll_seconds: int = field(
        default=300, metadata={"help": "How often calendars at an address (ICS) are fetched."}
    )
    trust_proxy: bool = field(
        default=False,
        metadata={"help": "1 when a proxy of yours sets X-Forwarded-For and X-Forwarded-Proto."},
    )
    log_level: str = field(default="INFO", metadata={"help": "DEBUG, INFO, WARNING or ERROR."})
    metrics_token: str | None = field(
        default=None,
        repr=False,
        metadata={
            "help": "Bearer token that /metrics asks for; without one only loopback may read it."
        },
    )
    session_days: int = field(default=30, metadata={"help": "Days an unused session lives."})
    sessions_per_user: int = field(
        default=50, metadata={"help": "Sessions per user; the oldest gives way."}
    )
    group_members: int = field(default=1000, metadata={"help": "Members in a group room."})
    message_length: int = field(default=8000, metadata={"help": "Characters in a message."})
    history_page: int = field(default=200, metadata={"help": "Entries in a page of history."})
    sync_page: int = field(default=500, metadata={"help": "Entries per room in a sync answer."})
    send_rate: float = field(default=10.0, metadata={"help": "Sustained messages/s per user."})
    send_burst: int = field(default=40, metadata={"help": "Messages a user may send in a burst."})
    slow_client_bytes: int = field(
        default=4_000_000,
        metadata={"help": "Unread bytes after which a client that never reads is disconnected."},
    )

    @property
    def embedded(self) -> bool:
        """True when this installation runs its own mongod or redis-server."""
        return self.mongo_url is None or self.redis_url is None

    @property
    def address(self) -> str:
        """The address people type, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def environment_name(name: str) -> str:
    """`mongo_url` -> `VAXEL_MONGO_URL`."""
    return PREFIX + name.upper()


def read_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from *environ* (the process's own by default); *overrides* win.

    Raises SettingsError for an unknown VAXEL_ name or a value of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    types = get_type_hints(Settings)
    known = {environment_name(each.name): each.name for each in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            raise SettingsError(f"{name} is not a setting of Växel; remove it or correct its name.")
        if text != "":
            values[known[name]] = _convert(name, text, types[known[name]])
    values.update({key: value for key, value in overrides.items() if value is not None})
    settings = Settings(**values)
    _check(settings)
    return settings


def _convert(name: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.strip().lower()
            ]
        if kind in (int, float, Path):
            return kind(text)
    except (KeyError, ValueError):
        wanted = {bool: "1 or 0", int: "a whole number", float: "a number"}.get(kind, "a path")
        raise SettingsError(f"{name} should be {wanted}, not “{text}”.") from None
    return text


def _check(settings: Settings) -> None:
    for name, low, high in (
        ("port", 0, 65535),
        ("processes", 1, 64),
        ("group_members", 2, 100_000),
        ("message_length", 1, 100_000),
        ("history_page", 1, 1000),
        ("sync_page", 1, 5000),
        ("speech_speed", 80, 450),
        ("poll_seconds", 10, 86_400),
        ("caldav_poll_seconds", 1, 86_400),
        ("ics_poll_seconds", 10, 86_400),
    ):
        if not low <= getattr(settings, name) <= high:
            raise SettingsError(f"{environment_name(name)} should be between {low} and {high}.")
    try:
        parse_keys(settings.secret_keys or "")
    except ValueError as error:
        raise SettingsError(f"VAXEL_SECRET_KEYS cannot be used: {error}.") from None
    if settings.speech not in ("espeak", "polly"):
        raise SettingsError("VAXEL_SPEECH should be espeak or polly.")
    try:
        voices_of(settings.speech_voice or "")
    except ValueError as error:
        raise SettingsError(f"VAXEL_SPEECH_VOICE cannot be used: {error}.") from None
    if settings.log_level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsError("VAXEL_LOG_LEVEL should be DEBUG, INFO, WARNING or ERROR.")
