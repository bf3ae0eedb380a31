"""The stand-in of Google, asked by Google's own client as a program of anybody's would."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from aiohttp import ClientSession, TCPConnector
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceCredentials
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE
from standins.google import partial, refusals
from standins.google.__main__ import CLIENT, addresses
from standins.pki import make_authority
from tests.google import ASTRID, BACK, BIRGER, HOUR, NOON, click, consented, google_of

DAY = timedelta(days=1)
ALWAYS = {"singleEvents": True}


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path / "pki")


@pytest.fixture
async def google(tmp_path, authority):
    async with google_of(tmp_path, authority) as found:
        yield found


class Client:
    """The vendor's client with nothing of ours but the addresses."""

    def __init__(self, google: Any, ca_file: Any, credentials: Any) -> None:
        self.credentials = credentials
        self._where = addresses(google, ca_file)
        self._ca_file = str(ca_file)

    def http(self) -> Any:
        plain = httplib2.Http(ca_certs=self._ca_file, timeout=10)
        return google_auth_httplib2.AuthorizedHttp(self.credentials, http=plain)

    def _service(self, name: str, version: str, endpoint: str) -> Any:
        return build(
            name,
            version,
            http=self.http(),
            client_options={"api_endpoint": endpoint},
            static_discovery=True,
        )

    @property
    def calendar(self) -> Any:
        return self._service("calendar", "v3", self._where["google_calendar_url"])

    @property
    def people(self) -> Any:
        return self._service("people", "v1", self._where["google_people_url"])

    async def events(self, calendar_id: str = "primary", **query: Any) -> dict[str, Any]:
        return await run(self.calendar.events().list(calendarId=calendar_id, **query))

    async def connections(self, **query: Any) -> dict[str, Any]:
        fields = {"personFields": "names,metadata", "requestSyncToken": True}
        asked = self.people.people().connections()
        return await run(asked.list(resourceName="people/me", **{**fields, **query}))


async def run(request: Any) -> Any:
    return await asyncio.to_thread(request.execute)


async def refused(work: Any) -> tuple[int, str]:
    """The status and the reason of a refusal."""
    with pytest.raises(HttpError) as caught:
        await work
    details: Any = caught.value.error_details
    told = details if isinstance(details, list) else []
    return caught.value.resp.status, next((each["reason"] for each in told), "")


@pytest.fixture
def client(google, authority):
    where = addresses(google, authority.ca_file)
    held = consented(google)
    credentials = Credentials(
        token=None,
        refresh_token=held["refresh_token"],
        token_uri=where["google_token_url"],
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
    )
    return Client(google, authority.ca_file, credentials)


def flow_to(google: Any, authority: Any, **changes: Any) -> Flow:
    where = addresses(google, authority.ca_file)
    config = {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "auth_uri": where["google_auth_url"],
        "token_uri": where["google_token_url"],
        **changes,
    }
    return Flow.from_client_config(
        {"web": config}, [CALENDAR_SCOPE, CONTACTS_SCOPE], redirect_uri=BACK
    )


async def fetch(flow: Flow, authority: Any, answer: Any) -> Any:
    return await asyncio.to_thread(
        flow.fetch_token, code=answer["code"], verify=str(authority.ca_file)
    )


# Signing in


async def test_a_refresh_token_comes_only_to_who_asks_for_it_or_the_first_time(google, authority):
    for asked, given in (
        ({"access_type": "offline"}, True),
        ({"access_type": "offline"}, False),
        ({"access_type": "offline", "prompt": "consent"}, True),
        ({"access_type": "online", "prompt": "consent"}, False),
    ):
        flow = flow_to(google, authority)
        url, state = flow.authorization_url(**asked)
        _, answer = await click(url, authority)
        assert answer["state"] == state
        token = await fetch(flow, authority, answer)
        assert bool(token.get("refresh_token")) is given


async def test_pages_of_consent_that_cannot_be_lead_nowhere(google, authority):
    flow = flow_to(google, authority)
    url, _ = flow.authorization_url()
    stranger = flow_to(google, authority, client_id="stranger")
    unknown, _ = stranger.authorization_url()
    context = authority.client_context()
    async with ClientSession(connector=TCPConnector(ssl=context)) as http:
        for bad, word in (
            (unknown, "invalid_client"),
            (url.replace("127.0.0.1%3A8080", "evil.example.org"), "redirect_uri_mismatch"),
            (url.replace("response_type=code", "response_type=token"), "invalid_request"),
            (url.replace("S256", "plain"), "invalid_request"),
        ):
            async with http.get(bad, allow_redirects=False) as page:
                assert page.status in (400, 401)
                assert word in await page.text()


async def test_a_wrong_verifier_and_a_used_code_are_invalid(google, authority):
    flow = flow_to(google, authority)
    url, _ = flow.authorization_url()
    _, answer = await click(url, authority)
    flow.code_verifier = "a" * 64
    with pytest.raises(Exception, match="invalid_grant"):
        await fetch(flow, authority, answer)

    flow = flow_to(google, authority)
    url, _ = flow.authorization_url()
    _, answer = await click(url, authority)
    await fetch(flow, authority, answer)
    with pytest.raises(Exception, match="invalid_grant"):
        await fetch(flow, authority, answer)


async def test_a_refresh_token_taken_back_is_invalid(google, client):
    await client.events()
    google.accounts.revoke_all(ASTRID)
    with pytest.raises(RefreshError) as caught:
        await client.events()
    assert caught.value.args[1]["error"] == "invalid_grant"
    assert not caught.value.retryable


async def test_a_service_account_acts_for_those_it_may_and_signs_for_itself(google, authority):
    google.calendars[BIRGER].add("Möte", NOON, NOON + HOUR)
    token_url = addresses(google, authority.ca_file)["google_token_url"]

    def acting(file: Any, scope: str = CALENDAR_SCOPE, subject: str = BIRGER) -> Client:
        held = ServiceCredentials.from_service_account_info(file, scopes=[scope])
        return Client(google, authority.ca_file, held.with_subject(subject))

    service = google.add_service_account(CALENDAR_SCOPE)
    file = service.as_json(token_url)
    assert len((await acting(file).events())["items"]) == 1
    for client, error in (
        (acting(file, CONTACTS_SCOPE), "unauthorized_client"),
        (acting(file, subject="nobody@example.com"), "invalid_grant"),
        (acting({**file, "client_email": "other@example.com"}), "invalid_grant"),
        (
            acting(
                {
                    **file,
                    "private_key": google.add_service_account(project="p2").as_json("")[
                        "private_key"
                    ],
                }
            ),
            "invalid_grant",
        ),
    ):
        with pytest.raises(RefreshError) as caught:
            await client.events()
        assert caught.value.args[1]["error"] == error


# Calendars


async def test_the_list_of_calendars_has_pages(google, client):
    for n in range(5):
        google.add_calendar(f"c{n}@example.com", f"{n}")
        google.share(f"c{n}@example.com", ASTRID, "reader")
    service = client.calendar.calendarList()
    first = await run(service.list(maxResults=4))
    second = await run(service.list(maxResults=4, pageToken=first["nextPageToken"]))
    assert "nextSyncToken" not in first
    assert second["nextSyncToken"]
    ids = [each["id"] for each in first["items"] + second["items"]]
    assert len(set(ids)) == 6
    primary = await run(service.get(calendarId="primary"))
    assert (primary["id"], primary["primary"], primary["accessRole"]) == (ASTRID, True, "owner")


async def test_a_sync_token_comes_with_the_last_page_only(google, client):
    for n in range(5):
        google.calendars[ASTRID].add(f"{n}", NOON, NOON + HOUR)
    pages = [await client.events(maxResults=2, **ALWAYS)]
    while token := pages[-1].get("nextPageToken"):
        pages.append(await client.events(maxResults=2, pageToken=token, **ALWAYS))
    assert [len(each["items"]) for each in pages] == [2, 2, 1]
    assert ["nextSyncToken" in each for each in pages] == [False, False, True]


async def test_a_change_between_two_pages_comes_with_the_next_sync(google, client):
    calendar = google.calendars[ASTRID]
    for n in range(3):
        calendar.add(f"{n}", NOON, NOON + HOUR)
    first = await client.events(maxResults=2, **ALWAYS)
    late = calendar.add("Sent", NOON, NOON + HOUR)
    last = await client.events(maxResults=2, pageToken=first["nextPageToken"], **ALWAYS)
    assert late not in {each["id"] for each in first["items"] + last["items"]}
    after = await client.events(syncToken=last["nextSyncToken"], **ALWAYS)
    assert [each["id"] for each in after["items"]] == [late]


async def test_what_may_not_go_with_a_sync_token(google, client):
    token = (await client.events(**ALWAYS))["nextSyncToken"]
    for forbidden in (
        {"timeMin": NOON.isoformat()},
        {"timeMax": NOON.isoformat()},
        {"updatedMin": NOON.isoformat()},
        {"q": "möte"},
        {"orderBy": "startTime"},
        {"iCalUID": "x"},
        {"showDeleted": False},
        {"maxAttendees": 3},  # other than at the first call
    ):
        status, _ = await refused(client.events(syncToken=token, **{**ALWAYS, **forbidden}))
        assert status == 400
    status, _ = await refused(client.events(syncToken=token, singleEvents=False))
    assert status == 400


async def test_an_old_sync_token_asks_for_everything_anew(google, client):
    token = (await client.events())["nextSyncToken"]
    google.calendars[ASTRID].expire_tokens()
    assert await refused(client.events(syncToken=token)) == (410, "fullSyncRequired")
    assert await refused(client.events(syncToken="made up")) == (410, "fullSyncRequired")
    status, _ = await refused(client.events(pageToken="made up"))
    assert status == 400


async def test_times_need_an_offset_and_an_order(google, client):
    assert (await refused(client.events(timeMin="2026-11-23T10:00:00")))[0] == 400
    late, early = (NOON + DAY).isoformat(), NOON.isoformat()
    assert (await refused(client.events(timeMin=late, timeMax=early)))[0] == 400
    assert (await refused(client.events(orderBy="startTime")))[0] == 400


async def test_cancelled_items_have_ids_only(google, client):
    calendar = google.calendars[ASTRID]
    single = calendar.add("Ett", NOON, NOON + HOUR)
    series = calendar.add("Serie", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    token = (await client.events(**ALWAYS))["nextSyncToken"]
    calendar.delete(single)
    calendar.delete(calendar.instance_at(series, NOON + DAY))
    items = (await client.events(syncToken=token, **ALWAYS))["items"]
    gone = {each["id"]: each for each in items}
    assert set(gone[single]) == {"id", "status"}
    instance = gone[calendar.instance_at(series, NOON + DAY)]
    assert {"id", "recurringEventId", "originalStartTime"} <= set(instance)
    assert {"summary", "start", "end"}.isdisjoint(instance)
    assert all(each["status"] == "cancelled" for each in items)

    shown = await client.events(showDeleted=False, **ALWAYS)
    assert len(shown["items"]) == 2
    every = await client.events(showDeleted=True, **ALWAYS)
    assert len(every["items"]) == 4


async def test_a_series_is_one_item_unless_its_instances_are_asked_for(google, client):
    calendar = google.calendars[ASTRID]
    series = calendar.add("Serie", NOON, NOON + HOUR, recurrence=["RRULE:FREQ=DAILY"])
    calendar.move(calendar.instance_at(series, NOON), NOON + HOUR, NOON + 2 * HOUR)
    whole = (await client.events())["items"]
    assert sorted("recurrence" in each for each in whole) == [False, True]
    window = {"timeMin": NOON.isoformat(), "timeMax": (NOON + 3 * DAY).isoformat()}
    single = (await client.events(orderBy="startTime", **ALWAYS, **window))["items"]
    assert len(single) == 3
    assert {each["recurringEventId"] for each in single} == {series}
    listed = await run(
        client.calendar.events().instances(calendarId="primary", eventId=series, **window)
    )
    assert {each["id"] for each in listed["items"]} == {each["id"] for each in single}


async def test_who_sees_only_when_sees_nothing_else(google, client):
    google.calendars[BIRGER].add("Hemligt", NOON, NOON + HOUR, description="Tyst")
    google.share(BIRGER, ASTRID, "freeBusyReader")
    answer = await client.events(BIRGER)
    assert answer["accessRole"] == "freeBusyReader"
    (item,) = answer["items"]
    assert item["visibility"] == "private"
    assert {"summary", "description", "attendees"}.isdisjoint(item)
    assert await refused(client.events("nobody@example.com")) == (404, "notFound")


async def test_kinds_can_be_chosen_and_answers_made_smaller(google, client):
    calendar = google.calendars[ASTRID]
    calendar.add("Möte", NOON, NOON + HOUR, attendees=[{"email": BIRGER}, {"email": ASTRID}])
    focus = calendar.add("Fokus", NOON, NOON + HOUR, eventType="focusTime")
    answer = await client.events(eventTypes=["focusTime"], fields="items(id,start/dateTime)")
    assert list(answer) == ["items"]
    (item,) = answer["items"]
    assert item["id"] == focus
    assert list(item["start"]) == ["dateTime"]
    limited = await client.events(eventTypes=["default"], maxAttendees=1)
    assert limited["items"][0]["attendeesOmitted"]
    with pytest.raises(TypeError):  # the client knows no other
        await client.events(eventTypes=["lunch"])


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("a,b", {"a": {}, "b": {}}),
        ("a(b,c/d),e", {"a": {"b": {}, "c": {"d": {}}}, "e": {}}),
        (
            "items(id,organizer/self,end),x",
            {"items": {"id": {}, "organizer": {"self": {}}, "end": {}}, "x": {}},
        ),
    ],
)
def test_masks_are_read(text, mask):
    assert partial.read(text) == mask


async def test_people_change_their_calendars_with_programs_that_may(google, client, authority):
    body = {
        "summary": "Möte",
        "start": {"dateTime": NOON.isoformat()},
        "end": {"dateTime": (NOON + HOUR).isoformat()},
    }
    asked = client.calendar.events()
    read_only = await refused(run(asked.insert(calendarId="primary", body=body)))
    assert read_only == (403, "insufficientPermissions")

    held = consented(google, scopes=("https://www.googleapis.com/auth/calendar.events",))
    where = addresses(google, authority.ca_file)
    writer = Client(
        google,
        authority.ca_file,
        Credentials(None, held["refresh_token"], None, where["google_token_url"], *CLIENT),
    )
    events = writer.calendar.events()
    made = await run(events.insert(calendarId="primary", body=body))
    later = {"end": {"dateTime": (NOON + 2 * HOUR).isoformat()}}
    moved = await run(events.patch(calendarId="primary", eventId=made["id"], body=later))
    assert moved["sequence"] > made["sequence"]
    (item,) = (await writer.events())["items"]
    assert item["end"] == later["end"]
    bad = {"summary": "När?"}
    assert (await refused(run(events.insert(calendarId="primary", body=bad))))[0] == 400

    await run(events.delete(calendarId="primary", eventId=made["id"]))
    again = events.delete(calendarId="primary", eventId=made["id"])
    assert await refused(run(again)) == (410, "deleted")
    google.share(BIRGER, ASTRID, "reader")
    theirs = events.insert(calendarId=BIRGER, body=body)
    assert await refused(run(theirs)) == (403, "requiredAccessLevel")


async def test_refusals_are_told_as_the_real_one_tells_them(google, client):
    google.fail(refusals.quota(403, "userRateLimitExceeded"), "/events")
    assert await refused(client.events()) == (403, "userRateLimitExceeded")
    google.accounts.people[ASTRID].has_calendar = False
    assert await refused(client.events()) == (403, "notACalendarUser")
    google.accounts.people[ASTRID].has_calendar = True
    google.accounts.expire_tokens()
    await client.events()  # the client has another token made
    context = {"Authorization": "Bearer nonsense"}
    async with ClientSession(connector=TCPConnector(ssl=False)) as http:
        url = f"{google.url}/calendar/v3/calendars/primary/events"
        async with http.get(url, headers=context) as answer:
            assert answer.status == 401
            assert (await answer.json())["error"]["errors"][0]["reason"] == "authError"


async def test_a_clients_own_retries_get_through(google, client):
    google.fail(refusals.Refused(503, {}), "/events")
    request = client.calendar.events().list(calendarId="primary")
    assert "items" in await asyncio.to_thread(request.execute, num_retries=2)


# Push


async def test_channels_as_they_are_asked_for(google, client):
    async def watch(**body: Any) -> Any:
        asked = {"id": "c1", "type": "web_hook", "address": "https://127.0.0.1:9/", **body}
        return await run(client.calendar.events().watch(calendarId="primary", body=asked))

    assert await refused(watch(address="http://127.0.0.1:9/")) == (400, "push.webhookUrlNotHttps")
    assert (await refused(watch(id="x" * 65)))[0] == 400
    assert (await refused(watch(type="carrier_pigeon")))[0] == 400
    channel = await watch(token="word", params={"ttl": "3600"})
    assert channel["kind"] == "api#channel"
    assert channel["token"] == "word"
    left = datetime.fromtimestamp(int(channel["expiration"]) / 1000, UTC) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    assert await refused(watch()) == (400, "channelIdNotUnique")
    longest = await watch(id="c2", expiration=str(int((NOON + 90 * DAY).timestamp() * 1000)))
    assert int(longest["expiration"]) / 1000 < (NOON + 31 * DAY).timestamp()
    assert longest["resourceId"] == channel["resourceId"]

    stop = client.calendar.channels().stop
    assert (await refused(run(stop(body={"id": "c1", "resourceId": "other"}))))[0] == 404
    await run(stop(body={"id": "c1", "resourceId": channel["resourceId"]}))
    assert (await refused(run(stop(body={"id": "c1", "resourceId": channel["resourceId"]}))))[
        0
    ] == 404
    google.calendars[ASTRID].pushable = False
    assert await refused(watch(id="c3")) == (400, "pushNotSupportedForRequestedResource")


# Contacts


async def test_contacts_have_pages_and_a_token_that_tells_what_changed(google, client):
    book = google.book(ASTRID)
    first, second, third = (book.add(name) for name in ("Birger", "Basse", "Rebecka"))
    page = await client.connections(pageSize=2)
    assert "nextSyncToken" not in page
    last = await client.connections(pageSize=2, pageToken=page["nextPageToken"])
    assert len(page["connections"] + last["connections"]) == 3

    book.delete(first)
    renamed = book.rename(second)
    after = await client.connections(syncToken=last["nextSyncToken"])
    told = {each["resourceName"]: each.get("metadata", {}) for each in after["connections"]}
    assert told == {
        first: {"deleted": True},
        renamed: {"previousResourceNames": [second]},
    }
    assert third not in told
    assert "connections" not in await client.connections(syncToken=after["nextSyncToken"])


async def test_an_old_token_of_contacts_tells_why(google, client):
    token = (await client.connections())["nextSyncToken"]
    google.book(ASTRID).expire_tokens()
    status, reason = await refused(client.connections(syncToken=token))
    assert (status, reason) == (400, "EXPIRED_SYNC_TOKEN")


async def test_a_token_of_contacts_dies_a_week_after_the_full_read_whatever_came_between(tmp_path):
    clock = [NOON]
    async with google_of(tmp_path, clock=lambda: clock[0]) as google:
        authority = make_authority(tmp_path)
        held = consented(google)
        where = addresses(google, authority.ca_file)
        client = Client(
            google,
            authority.ca_file,
            Credentials(None, held["refresh_token"], None, where["google_token_url"], *CLIENT),
        )
        token = (await client.connections())["nextSyncToken"]
        clock[0] += 4 * DAY
        token = (await client.connections(syncToken=token))["nextSyncToken"]
        clock[0] += 4 * DAY
        assert (await refused(client.connections(syncToken=token)))[1] == "EXPIRED_SYNC_TOKEN"


async def test_what_contacts_refuse(google, client):
    assert (await refused(client.connections(pageSize=1001)))[0] == 400
    assert (await refused(client.connections(personFields="shoes")))[0] == 400
    token = (await client.connections())["nextSyncToken"]
    assert (await refused(client.connections(syncToken=token, personFields="names")))[0] == 400
    google.book(ASTRID).spared = 0
    assert (await refused(client.connections()))[0] == 429
    assert await client.connections(syncToken=token)  # only full reads are spared
