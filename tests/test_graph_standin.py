"""The stand-in for Microsoft as the vendor's own clients see it: msal and msgraph-sdk."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msal
import pytest
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider as Bearer
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import (
    DeltaRequestBuilder,
)
from msgraph.graph_request_adapter import options
from msgraph_core import GraphClientFactory

from integrations.microsoft.token_http import TokenHttp
from standins.graph.recurrence import Recurrence
from standins.graph.server import Graph
from tests.microsoft import ASTRID, BIRGER, REDIRECT, graph_with_people, registration, tenant_of

DAY = datetime(2026, 11, 23, tzinfo=UTC)
SCOPES = ["Calendars.Read", "Contacts.Read", "MailboxSettings.Read", "User.Read"]


@pytest.fixture
async def graph(tmp_path):
    async with graph_with_people(tmp_path) as found:
        yield found


def application(graph: Graph, tenant: str = "common", **how: Any) -> Any:
    """msal as anybody would set it up, but for whom it trusts."""
    found = graph.directory.application
    return msal.ConfidentialClientApplication(
        found.client_id,
        client_credential=found.client_secret,
        http_client=TokenHttp(registration(graph).context),
        **({"authority": f"{graph.url}/{tenant}", "instance_discovery": False} | how),
    )


async def signed_in(graph: Graph, **how: Any) -> tuple[Any, dict[str, Any]]:
    """A person who signed in, and consented."""
    client = await asyncio.to_thread(application, graph, **how)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    answer = await graph.click(flow["auth_uri"], ASTRID)
    result = await asyncio.to_thread(client.acquire_token_by_auth_code_flow, flow, answer)
    return client, result


async def test_msal_signs_in_and_believes_the_nonce_and_the_state(graph):
    client, result = await signed_in(graph)

    assert "error" not in result
    assert result["id_token_claims"]["preferred_username"] == ASTRID
    [account] = client.get_accounts()
    astrid = graph.directory.accounts[ASTRID]
    assert account["home_account_id"] == f"{astrid.id}.{astrid.tenant.id}"


async def test_msal_takes_the_tenants_issuer_for_true(graph):
    tenant = tenant_of(graph).id
    options = {"authority": None, "oidc_authority": f"{graph.url}/{tenant}/v2.0"}

    _client, result = await signed_in(graph, tenant=tenant, **options)

    assert "access_token" in result


async def test_msal_refuses_an_answer_that_is_not_to_its_question(graph):
    client = await asyncio.to_thread(application, graph)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT)
    answer = await graph.click(flow["auth_uri"], ASTRID)

    with pytest.raises(ValueError, match="state"):
        client.acquire_token_by_auth_code_flow(flow, {**answer, "state": "other"})
    refused = await graph.click(flow["auth_uri"], ASTRID, "cancel")
    assert client.acquire_token_by_auth_code_flow(flow, refused)["error"] == "access_denied"


async def test_msal_renews_silently_and_hears_of_a_revoked_grant(graph):
    client, _result = await signed_in(graph)
    [account] = client.get_accounts()
    silent = client.acquire_token_silent_with_error

    renewed = await asyncio.to_thread(silent, SCOPES, account, force_refresh=True)
    assert "access_token" in renewed
    graph.directory.revoke(graph.directory.accounts[ASTRID])
    refused = await asyncio.to_thread(silent, SCOPES, account, force_refresh=True)
    assert refused["error"] == "invalid_grant"
    assert refused["error_codes"] == [50173]


async def test_a_refresh_token_is_good_once(graph):
    client, _result = await signed_in(graph)
    [account] = client.get_accounts()
    before = client.token_cache.serialize() if hasattr(client.token_cache, "serialize") else None
    spent = next(iter(graph.directory.refresh))
    await asyncio.to_thread(
        client.acquire_token_silent_with_error, SCOPES, account, force_refresh=True
    )

    assert before is None
    refused = await asyncio.to_thread(client.acquire_token_by_refresh_token, spent, SCOPES)
    assert refused["error"] == "invalid_grant"


async def test_a_company_is_let_into_only_after_its_administrator_consented(graph):
    tenant = tenant_of(graph)
    client = await asyncio.to_thread(application, graph, tenant.id)
    ask = client.acquire_token_for_client
    default = ["https://graph.microsoft.com/.default"]

    assert (await asyncio.to_thread(ask, default))["error"] == "unauthorized_client"
    query = f"client_id={graph.directory.application.client_id}&redirect_uri={REDIRECT}&state=s"
    url = f"{graph.url}/organizations/v2.0/adminconsent?{query}"
    assert "error" in await graph.click(url, BIRGER)  # who is no administrator
    answer = await graph.click(url, ASTRID)
    assert (answer["tenant"], answer["state"]) == (tenant.id, "s")
    assert "access_token" in await asyncio.to_thread(ask, default)


class Told(AccessTokenProvider):  # type: ignore[misc]  # the library is not followed by mypy
    """Gives msgraph-sdk the token that it is told."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._hosts = AllowedHostsValidator(["127.0.0.1"])

    async def get_authorization_token(self, uri: str, _context: Any = None) -> str:
        return self._token

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return self._hosts


@pytest.fixture
async def sdk(graph):
    _client, result = await signed_in(graph)
    trusting = httpx.AsyncClient(verify=graph.authority.client_context())
    made = GraphClientFactory.create_with_default_middleware(client=trusting, options=options)
    async with made as http:
        adapter = GraphRequestAdapter(Bearer(Told(result["access_token"])), client=http)
        adapter.base_url = f"{graph.url}/v1.0"
        yield GraphServiceClient(request_adapter=adapter)


Window = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters


def window(**prefer: str) -> Any:
    asked = Window(
        start_date_time=(DAY - timedelta(days=1)).isoformat(),
        end_date_time=(DAY + timedelta(days=14)).isoformat(),
    )
    found: RequestConfiguration[Any] = RequestConfiguration(query_parameters=asked)
    for name, value in prefer.items():
        found.headers.add("Prefer", f"{name.replace('__', '.')}={value}")
    return found


async def test_the_sdk_walks_a_calendars_pages_to_the_last(graph, sdk):
    box = graph.mailbox(ASTRID)
    for hour in range(12):
        box.add(DAY + timedelta(hours=hour), DAY + timedelta(hours=hour + 1), f"Möte {hour}")
    graph.api.deltas.empty_pages = 1
    builder, found, pages = sdk.me.calendar_view.delta, [], 0
    page = await builder.get(window(odata__maxpagesize="5"))
    while page.odata_next_link:
        found += page.value
        pages += 1
        page = await builder.with_url(page.odata_next_link).get()
    found += page.value

    assert (pages, len(found)) == (3, 12)
    assert page.odata_delta_link
    box.remove(next(iter(box.calendar.items.values())))
    changed = await builder.with_url(page.odata_delta_link).get()
    assert [each.additional_data["@removed"] for each in changed.value] == [{"reason": "deleted"}]


async def test_the_sdk_sees_stubs_and_a_master_with_its_first_times(graph, sdk):
    recurrence = Recurrence(
        day=DAY.date() - timedelta(days=7), at=DAY.time().replace(hour=9), length=timedelta(hours=1)
    )
    series = graph.mailbox(ASTRID).add_series(recurrence, "Veckomöte", show_as="busy")

    page = await sdk.me.calendar_view.delta.get(window(IdType='"ImmutableId"'))

    by_type: dict[str, list[Any]] = {}
    for each in page.value:
        by_type.setdefault(each.type.value, []).append(each)
    [master] = by_type["seriesMaster"]
    assert (master.id, master.subject) == (series.id, "Veckomöte")
    assert master.start.date_time == "2026-11-16T08:00:00.0000000"
    for each in by_type["occurrence"]:
        assert (each.subject, each.show_as, each.series_master_id) == (None, None, series.id)
    instances = await sdk.me.events.by_event_id(series.id).instances.get(_instances())
    assert {each.subject for each in instances.value} == {"Veckomöte"}


def _instances() -> Any:
    from msgraph.generated.users.item.events.item.instances.instances_request_builder import (
        InstancesRequestBuilder,
    )

    asked = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
        start_date_time=(DAY - timedelta(days=1)).isoformat(),
        end_date_time=(DAY + timedelta(days=14)).isoformat(),
    )
    return RequestConfiguration(query_parameters=asked)


async def test_the_sdk_reads_contacts_settings_and_makes_no_promise_to_http(graph, sdk):
    box = graph.mailbox(ASTRID)
    box.add_contact(displayName="Cecilia Berg", mobilePhone="070-174 06 10")

    contacts = await sdk.me.contacts.delta.get()
    assert [each.mobile_phone for each in contacts.value] == ["070-174 06 10"]
    settings = await sdk.me.mailbox_settings.get()
    assert settings.time_zone == "W. Europe Standard Time"
    assert settings.automatic_replies_setting.status.value == "disabled"
    wanted = Subscription(
        change_type="updated",
        notification_url="http://127.0.0.1/hooks",
        resource="/me/events",
        expiration_date_time=datetime.now(UTC) + timedelta(days=1),
    )
    with pytest.raises(APIError) as raised:
        await sdk.subscriptions.post(wanted)
    assert raised.value.error.code == "InvalidRequest"


async def test_the_sdk_is_refused_as_the_real_one_refuses(graph, sdk):
    box = graph.mailbox(ASTRID)
    page = await sdk.me.calendar_view.delta.get(window())
    box.forget_tokens()

    async def refused(work: Any) -> tuple[int, str]:
        with pytest.raises(APIError) as raised:
            await work
        return raised.value.response_status_code, raised.value.error.code

    again = sdk.me.calendar_view.delta.with_url(page.odata_delta_link)
    assert await refused(again.get()) == (410, "SyncStateNotFound")
    selecting = window()
    selecting.query_parameters.select = ["subject"]
    assert (await refused(sdk.me.calendar_view.delta.get(selecting)))[0] == 400
    others = sdk.users.by_user_id(BIRGER).calendars
    assert await refused(others.get()) == (403, "ErrorAccessDenied")
    graph.directory.revoke(graph.directory.accounts[ASTRID])
    assert await refused(sdk.me.calendars.get()) == (401, "InvalidAuthenticationToken")


async def test_more_than_four_at_once_for_one_mailbox_are_too_many(graph):
    _client, result = await signed_in(graph)
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    graph.faults.add(part="calendars", times=-1, delay=0.0)
    busy = graph.api.busy
    busy[ASTRID] = 4
    async with httpx.AsyncClient(verify=graph.authority.client_context()) as http:
        refused = await http.get(f"{graph.url}/v1.0/me/calendars", headers=headers)
        busy[ASTRID] = 3
        taken = await http.get(f"{graph.url}/v1.0/me/calendars", headers=headers)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert "MailboxConcurrency" in refused.json()["error"]["message"]
    assert taken.status_code == 200


async def test_a_batch_answers_each_by_itself_and_fails_what_depends_on_a_failure(graph):
    _client, result = await signed_in(graph)
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    requests: list[dict[str, Any]] = [
        {"id": "1", "method": "GET", "url": "/me/calendars"},
        {"id": "2", "method": "GET", "url": "/me/events/none"},
        {"id": "3", "method": "GET", "url": "/me/calendars", "dependsOn": ["2"]},
    ]
    async with httpx.AsyncClient(verify=graph.authority.client_context()) as http:
        url = f"{graph.url}/v1.0/$batch"
        good = await http.post(url, headers=headers, json={"requests": requests})
        many = await http.post(url, headers=headers, json={"requests": requests * 7})

    statuses = {each["id"]: each["status"] for each in good.json()["responses"]}
    assert statuses == {"1": 200, "2": 404, "3": 424}
    assert many.status_code == 400
