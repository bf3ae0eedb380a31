"""Contacts from files, and to files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from server import contact_inputs
from server.app import App
from server.domain.contacts import exports, imports, progress
from server.domain.errors import Invalid, OverQuota
from server.http import outputs_contacts
from server.http.base import APP, answer, locale_of, query_of, signed_in
from server.http.describe import describe
from server.i18n import has, say
from storage.imports import Import

routes = web.RouteTableDef()

MOST_FAULTS = 200  # in an answer; all of them are in the report
TAKES = ("text/csv", "text/vcard")
CONTENTS = {"csv": "text/csv", "vcard": "text/vcard"}
SUFFIXES = {"csv": "csv", "vcard": "vcf"}
ACCEPTED = (
    *TAKES,
    "text/plain",
    "text/x-vcard",
    "text/directory",
    "text/tab-separated-values",
    "application/octet-stream",
    "application/vnd.ms-excel",
)
DELIMITERS = {"sv": ";", "en": ","}  # what a spreadsheet expects where the language is spoken
ONE = "/api/contacts/imports/{import_id}"


@routes.post("/api/contacts/import")
@describe(
    summary="Send a file of contacts; it is read and checked, and nothing is changed yet.",
    tags="contacts",
    query=contact_inputs.ImportContacts,
    takes=TAKES,
    empty=True,
    status=202,
    returns=outputs_contacts.ContactImport,
)
async def receive(request: web.Request) -> web.Response:
    """CSV or vCard as it is, up to 64 MB; `contacts.import` tells how it goes on."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.ImportContacts)
    if request.content_type not in ACCEPTED:
        raise Invalid("file", "content_type")
    if (request.content_length or 0) > imports.MOST_BYTES:
        raise OverQuota("payload")
    app = request.app[APP]
    chunks: AsyncIterator[bytes] = request.content.iter_chunked(65536)
    made = await imports.receive(app, actor, data.scope, data.format, chunks)
    return answer(await _view(app, made, locale_of(request)), status=202)


@routes.get(ONE)
@describe(
    summary="How far a file of contacts has come, and what is wrong in it.",
    tags="contacts",
    query=contact_inputs.OneImport,
    returns=outputs_contacts.ContactImport,
)
async def one(request: web.Request) -> web.Response:
    """The first two hundred faults; the report has all."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneImport)
    app = request.app[APP]
    found = await imports.mine(app, actor, data.import_id)
    return answer(await _view(app, found, locale_of(request)))


@routes.post(ONE + "/apply")
@describe(
    summary="Let the good rows become contacts, all of them at once.",
    tags="contacts",
    query=contact_inputs.OneImport,
    status=202,
    returns=outputs_contacts.ContactImport,
)
async def apply(request: web.Request) -> web.Response:
    """`contacts.import` tells when it is done."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneImport)
    app = request.app[APP]
    found = await imports.apply(app, actor, data.import_id)
    return answer(await _view(app, found, locale_of(request)), status=202)


@routes.delete(ONE)
@describe(
    summary="Forget a file of contacts that was not applied.",
    tags="contacts",
    query=contact_inputs.OneImport,
    status=204,
)
async def abandon(request: web.Request) -> web.Response:
    """Contacts that it has become stay."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneImport)
    await imports.abandon(request.app[APP], actor, data.import_id)
    return web.Response(status=204)


@routes.get(ONE + "/faults.csv")
@describe(
    summary="Everything that is wrong in a file of contacts, as a table.",
    tags="contacts",
    query=contact_inputs.OneImport,
    returns=str,
    content="text/csv",
)
async def report(request: web.Request) -> web.StreamResponse:
    """A line for each fault."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.OneImport)
    app = request.app[APP]
    found = await imports.mine(app, actor, data.import_id)
    return await _send(request, "csv", "faults", _report(app, found, locale_of(request)))


async def _report(app: App, found: Import, language: str) -> AsyncIterator[str]:
    heads = [say(f"contact_files.{name}", language) for name in ("row", "column", "value", "fault")]
    delimiter = DELIMITERS[language]
    yield exports.MARK + exports.lines([heads], delimiter)
    async for some in app.stores.imports.all_faults(found.id):
        shown = [_fault(each, language) for each in some]
        rows = [[str(e["row"]), e["column"], e["value"], e["detail"]] for e in shown]
        yield exports.lines(rows, delimiter)


@routes.get("/api/contacts/export")
@describe(
    summary="The company's contacts, or my own, as a file.",
    tags="contacts",
    query=contact_inputs.ExportContacts,
    returns=str,
    content="text/csv, text/vcard",
)
async def export(request: web.Request) -> web.StreamResponse:
    """What an import takes back."""
    actor = await signed_in(request)
    data = query_of(request, contact_inputs.ExportContacts)
    app, language = request.app[APP], locale_of(request)
    if data.format == "vcard":
        text = exports.vcard(app, actor, data.scope)
    else:
        heads = [say(f"contact_files.{name}", language) for name in exports.FIELDS]
        text = exports.table(app, actor, data.scope, heads, DELIMITERS[language])
    return await _send(request, data.format, f"contacts-{data.scope}", text)


async def _send(
    request: web.Request, form: str, name: str, text: AsyncIterator[str]
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{CONTENTS[form]}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.{SUFFIXES[form]}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    await response.prepare(request)
    async for some in text:
        await response.write(some.encode())
    await response.write_eof()
    return response


async def _view(app: App, found: Import, language: str) -> dict[str, Any]:
    faults = await app.stores.imports.faults(found.id, MOST_FAULTS)
    return progress.shape(found) | {
        "detail": _sentence(found.reason, language, found.facts or {}) if found.reason else None,
        "faults": [_fault(each, language) for each in faults],
    }


def _fault(found: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "row": found["row"],
        "column": found["column"],
        "value": found["value"],
        "detail": _sentence(found["reason"], language, found["facts"]),
    }


def _sentence(reason: str, language: str, facts: dict[str, Any]) -> str:
    key = f"import.{reason}"
    return say(key if has(key) else "import.other", language, **facts)
