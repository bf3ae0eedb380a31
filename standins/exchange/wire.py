"""EWS as XML: what is asked for, and answers as Exchange writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import defusedxml.ElementTree as ET  # noqa: N817  # its usual name

from standins.exchange.mailbox import Card, Folder, Meeting, Reply

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"
VERSION = (
    '<t:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" '
    'MinorBuildNumber="9" Version="V2017_07_11" '
    f'xmlns:t="{TYPES}"/>'
)


def request_of(body: bytes) -> Any:
    """The element that says what is asked for. Raises ValueError when there is none."""
    try:
        envelope = ET.fromstring(body)
    except ET.ParseError as error:
        raise ValueError("not XML") from error
    found = envelope.find(f"{{{SOAP}}}Body")
    if found is None or not len(found):
        raise ValueError("no body")
    return found[0]


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def m(name: str) -> str:
    """An element of messages."""
    return f"{{{MESSAGES}}}{name}"


def t(name: str) -> str:
    """An element of types."""
    return f"{{{TYPES}}}{name}"


def moment(text: str) -> datetime:
    """A time as it is written there."""
    return datetime.fromisoformat(text).astimezone(UTC)


def envelope(inner: str) -> str:
    """A whole answer."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}">'
        f"<s:Header>{VERSION}</s:Header>"
        f'<s:Body xmlns:m="{MESSAGES}" xmlns:t="{TYPES}">{inner}</s:Body></s:Envelope>'
    )


def answers(operation: str, messages: list[str]) -> str:
    """What an operation answers: a message for each thing asked."""
    inner = "".join(messages)
    return envelope(
        f"<m:{operation}Response><m:ResponseMessages>{inner}</m:ResponseMessages>"
        f"</m:{operation}Response>"
    )


def good(operation: str, inner: str) -> str:
    """A message of success."""
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Success">'
        f"<m:ResponseCode>NoError</m:ResponseCode>{inner}</m:{operation}ResponseMessage>"
    )


def bad(operation: str, code: str) -> str:
    """A message of failure."""
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Error">'
        f"<m:MessageText>It cannot be done.</m:MessageText>"
        f"<m:ResponseCode>{code}</m:ResponseCode>"
        f"<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey></m:{operation}ResponseMessage>"
    )


def fault(code: str, back_off: int | None = None) -> str:
    """A fault in place of an answer; *back_off*: milliseconds to wait."""
    value = (
        f'<t:MessageXml xmlns:t="{TYPES}"><t:Value Name="BackOffMilliseconds">{back_off}</t:Value>'
        "</t:MessageXml>"
        if back_off is not None
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault>'
        f'<faultcode xmlns:a="{TYPES}">a:{code}</faultcode>'
        '<faultstring xml:lang="en-US">It cannot be done.</faultstring><detail>'
        f'<e:ResponseCode xmlns:e="{ERRORS}">{code}</e:ResponseCode>'
        f'<e:Message xmlns:e="{ERRORS}">It cannot be done.</e:Message>{value}'
        "</detail></s:Fault></s:Body></s:Envelope>"
    )


def folder(each: Folder, wanted: set[str]) -> str:
    """A folder with the properties that were asked for."""
    parent = f'<t:ParentFolderId Id={quoteattr(each.parent)} ChangeKey="AQ=="/>'
    told = {
        "folder:ParentFolderId": parent,
        "folder:FolderClass": _text("FolderClass", each.cls),
        "folder:DisplayName": _text("DisplayName", each.name),
    }
    inner = "".join(text for name, text in told.items() if name in wanted)
    here = f'<t:FolderId Id={quoteattr(each.id)} ChangeKey="AQ=="/>'
    return f"<t:{each.kind}>{here}{inner}</t:{each.kind}>"


def item_id(ref: str) -> str:
    """An item's id."""
    return f'<t:ItemId Id={quoteattr(ref)} ChangeKey="AQ=="/>'


def bare(item: Meeting | Card) -> str:
    """An item of which only the id is told."""
    return f"<t:{kind_of(item)}>{item_id(item.id)}</t:{kind_of(item)}>"


def kind_of(item: Meeting | Card) -> str:
    """The element that an item is told in."""
    if isinstance(item, Meeting):
        return "CalendarItem"
    return "DistributionList" if item.is_list else "Contact"


def meeting(item: Meeting, wanted: set[str]) -> str:
    """A meeting with the properties that were asked for (calendar:UID, …)."""
    labels = "".join(f"<t:String>{escape(each)}</t:String>" for each in item.categories)
    told = {
        "item:Subject": _text("Subject", item.subject),
        "item:Sensitivity": _text("Sensitivity", item.sensitivity),
        "item:Categories": f"<t:Categories>{labels}</t:Categories>" if labels else "",
        "item:LastModifiedTime": _text("LastModifiedTime", _written(item.modified)),
        "calendar:UID": _text("UID", item.uid),
        "calendar:RecurrenceId": _text("RecurrenceId", _written(item.original)),
        "calendar:Start": _text("Start", _written(item.start)),
        "calendar:End": _text("End", _written(item.end)),
        "calendar:OriginalStart": _text("OriginalStart", _written(item.original or item.start)),
        "calendar:IsAllDayEvent": _text("IsAllDayEvent", str(item.all_day).lower()),
        "calendar:LegacyFreeBusyStatus": _text("LegacyFreeBusyStatus", item.status),
        "calendar:IsCancelled": _text("IsCancelled", str(item.cancelled).lower()),
        "calendar:CalendarItemType": _text("CalendarItemType", item.kind),
        "calendar:MyResponseType": _text("MyResponseType", item.response),
        "calendar:StartTimeZone": f"<t:StartTimeZone Id={quoteattr(item.zone_id)}/>",
    }
    inner = "".join(text for name, text in told.items() if name in wanted)
    return f"<t:CalendarItem>{item_id(item.id)}{inner}</t:CalendarItem>"


def card(item: Card, wanted: set[str]) -> str:
    """A contact, or a list, with the properties that were asked for."""
    if item.is_list:
        return f"<t:DistributionList>{item_id(item.id)}</t:DistributionList>"
    emails = [(f"EmailAddress{number}", each) for number, each in enumerate(item.emails, 1)]
    told = {
        "contacts:DisplayName": _text("DisplayName", item.name),
        "contacts:CompanyName": _text("CompanyName", item.company),
        "contacts:EmailAddress": _entries("EmailAddresses", emails),
        "contacts:PhoneNumber": _entries("PhoneNumbers", item.phones),
        "contacts:Department": _text("Department", item.department),
        "contacts:JobTitle": _text("JobTitle", item.title),
    }
    inner = "".join(text for name, text in told.items() if name in wanted)
    return f"<t:Contact>{item_id(item.id)}{inner}</t:Contact>"


def reply(settings: Reply) -> str:
    """How a mailbox answers by itself."""
    start = settings.start or datetime(2026, 1, 1, tzinfo=UTC)
    end = settings.end or datetime(2026, 1, 2, tzinfo=UTC)
    return envelope(
        "<m:GetUserOofSettingsResponse>"
        '<m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        f"</m:ResponseMessage><t:OofSettings><t:OofState>{settings.state}</t:OofState>"
        "<t:ExternalAudience>All</t:ExternalAudience><t:Duration>"
        f"{_text('StartTime', _written(start))}{_text('EndTime', _written(end))}</t:Duration>"
        "<t:InternalReply><t:Message>Jag är borta.</t:Message></t:InternalReply>"
        "<t:ExternalReply><t:Message>Jag är borta.</t:Message></t:ExternalReply></t:OofSettings>"
        "<m:AllowExternalOof>All</m:AllowExternalOof></m:GetUserOofSettingsResponse>"
    )


def _entries(name: str, entries: Any) -> str:
    told = "".join(
        f"<t:Entry Key={quoteattr(key)}>{escape(text)}</t:Entry>" for key, text in entries
    )
    return f"<t:{name}>{told}</t:{name}>" if told else ""


def _text(name: str, text: str) -> str:
    return f"<t:{name}>{escape(text)}</t:{name}>" if text else ""


def _written(when: datetime | None) -> str:
    return "" if when is None else when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
