"""The nouns of the telephone: activities, numbers, exchanges, contacts, recordings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from storage.models import Language, PhoneKind

NumberKind = Literal["extension", "fixed", "mobile", "main"]
Treatment = Literal["announce", "voicemail", "busy"]
Line = Literal["idle", "ringing", "in_call", "on_hold"]
Source = Literal["manual", "calendar", "schedule", "auto_reply", "admin"]
Wording = dict[Language, str]  # the same words in each language


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultEnd:
    """When an activity ends unless somebody says: `minutes` from now, or at a point of the day.

    `date` asks; `none` stays until something else is chosen.
    """

    kind: Literal["minutes", "end_of_work", "next_work_start", "date", "none"] = "none"
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityType:
    """A kind of activity.

    What is shown (`label`) and what callers hear (`spoken`) are separate: sickness is nobody's
    business on the telephone. `owner` is empty for a standard one, a company's id, or the id of the
    person whose own it is.
    """

    id: str
    owner: str = ""
    label: Wording
    spoken: Wording = field(default_factory=dict)
    closes_phone: bool = True
    default_end: DefaultEnd = field(default_factory=DefaultEnd)
    vip_through: bool = True
    queue: Literal["keep", "pause"] = "keep"
    colour: str = "gray"
    icon: str = "clock"
    position: int = 0
    hidden: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a person does from `start` to `end` (None: until further notice), and who said so.

    `source_ref` names the occurrence of a calendar that it came from. `suppresses` are such
    occurrences that were running when a manual Available was chosen: they count no more.
    `priority` orders rows of a calendar (out of office, keyword, meeting, focus).
    Rows of a calendar tell of which `mailbox_id`, and until when they may be believed: from
    `trusted_until` on nobody has looked into the mailbox for too long, and they count no more.
    `opens` leaves the telephone open although the type closes it; of `private` rows callers hear no
    reason, of those that `hide_time` no time either.
    """

    id: str
    org_id: str
    user_id: str
    type_id: str
    start: datetime
    end: datetime | None
    source: Source = "manual"
    source_ref: str = ""
    priority: int = 0
    private: bool = False
    hide_time: bool = False
    opens: bool = False
    mailbox_id: str = ""
    trusted_until: datetime | None = None
    suppresses: tuple[str, ...] = ()
    set_at: datetime
    set_by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyNumber:
    """A number of the company's plan: E.164, or a short extension. Whose it is; None: nobody's."""

    org_id: str
    number: str
    kind: NumberKind
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCredential:
    """A telephone exchange that may ask.

    `sealed` is its secret, encrypted (see server.vault); `before` the one that it replaces, good
    until `before_until`. `stream` and `last_seq` tell how far its events have come; of streams
    that `ended`, what comes late counts no more.
    """

    id: str
    org_id: str
    name: str
    key: str
    sealed: str = field(repr=False)
    before: str | None = field(default=None, repr=False)
    before_until: datetime | None = None
    stream: str = ""
    last_seq: int = 0
    ended: tuple[str, ...] = ()
    created_at: datetime
    created_by: str
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """What a person's telephone does: the states of their calls, and the sum of them.

    Calls go by `exchange/call`; `since` is when each of them was last heard of.
    """

    user_id: str
    org_id: str
    state: Line = "idle"
    calls: dict[str, Line] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRules:
    """What a person wants done with calls that they do not answer, and after the announcement."""

    user_id: str
    org_id: str
    ring_seconds: int = 20
    open_redirect: bool = False
    busy: Treatment = "announce"
    no_answer: Treatment = "voicemail"
    offline: Treatment = "voicemail"
    voicemail: bool = True
    colleague_id: str | None = None
    switchboard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPhone:
    """A contact's number as written, and in E.164 where it can be read so."""

    kind: PhoneKind
    number: str
    e164: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody outside. `owner_id` is whose own it is; None: the whole company's (global).

    One that is kept in step with a connection has its `connection_id`, the provider's own id of it
    (`ref`), and where its owner changes it (`link`).
    """

    id: str
    org_id: str
    owner_id: str | None
    name: str
    title: str = ""
    department: str = ""
    company: str = ""
    phones: tuple[ContactPhone, ...] = ()
    emails: tuple[str, ...] = ()
    note: str = ""
    source: str = "manual"
    connection_id: str = ""
    ref: str = ""
    link: str = ""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """What a person decided about a caller.

    A colleague, a contact, a number, all numbers that begin so, or callers who hide theirs:
    `target` is the id, the E.164 number, or the prefix.
    """

    id: str
    org_id: str
    user_id: str
    kind: Literal["person", "contact", "number", "prefix", "anonymous"]
    target: str
    name: str = ""
    star: bool = False
    vip: bool = False
    blocked: bool = False
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A recorded piece of an announcement: WAV, PCM16 mono at 16 kHz.

    `owner` is a company's id, or a person's for their own name.
    """

    id: str
    org_id: str
    owner: str
    language: Language
    key: str
    seconds: float
    digest: str
    updated_at: datetime
