"""Secrets at rest: sealed, opened with the right key about the right thing, and nothing else."""

from __future__ import annotations

import base64
import secrets
import stat

import pytest

from server.embedded.secret_file import keys_in
from server.secret_keys import parse_keys
from server.settings import SettingsError, read_settings
from server.startup import StartupError
from server.vault import Unreadable, Vault


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def test_what_is_sealed_opens_and_is_never_twice_the_same():
    vault = Vault(key("one"))
    sealed = [vault.seal("hemligt å", "a") for _ in range(3)]
    assert len(set(sealed)) == 3
    assert "hemligt" not in "".join(sealed)
    assert {vault.open(each, "a") for each in sealed} == {"hemligt å"}


def test_it_opens_only_about_what_it_was_sealed_for():
    vault = Vault(key("one"))
    sealed = vault.seal("hemligt", "a")
    with pytest.raises(Unreadable):
        vault.open(sealed, "b")


def test_a_new_key_in_front_seals_and_the_old_still_opens():
    old, new = key("old"), key("new")
    sealed = Vault(old).seal("hemligt", "a")
    both = Vault(f"{new},{old}")
    assert both.open(sealed, "a") == "hemligt"
    again = both.seal("hemligt", "a")
    assert again.startswith("new:")
    assert Vault(new).open(again, "a") == "hemligt"
    with pytest.raises(Unreadable):
        Vault(new).open(sealed, "a")


def test_what_was_changed_on_the_way_does_not_open():
    vault = Vault(key("one"))
    sealed = vault.seal("hemligt", "a")
    name, _, data = sealed.partition(":")
    raw = bytearray(base64.b64decode(data))
    for place in (0, 12, len(raw) - 1):
        bent = bytearray(raw)
        bent[place] ^= 1
        with pytest.raises(Unreadable):
            vault.open(f"{name}:{base64.b64encode(bent).decode()}", "a")
    for broken in ("", "one:", "one:***", "two:" + data, data):
        with pytest.raises(Unreadable):
            vault.open(broken, "a")


@pytest.mark.parametrize(
    "text", ["x", "a:b", "a:AAAA", ":" + "A" * 44, f"{key('a')},{key('a')}", "a b:" + "A" * 44]
)
def test_keys_that_cannot_be_used_stop_the_start_and_are_not_repeated(text):
    with pytest.raises(ValueError, match="key") as refused:
        parse_keys(text)
    assert "AAAA" not in str(refused.value)
    with pytest.raises(SettingsError, match="VAXEL_SECRET_KEYS"):
        read_settings({"VAXEL_SECRET_KEYS": text})


def test_without_a_key_nothing_can_be_sealed():
    assert not Vault(None).usable
    assert not Vault("").usable
    assert Vault(key("one")).usable


def test_an_installation_makes_its_key_once_for_its_owner_alone(tmp_path):
    first = keys_in(tmp_path)
    path = tmp_path / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)  # a copy that was put back
    assert keys_in(tmp_path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("text", ["", "nonsense", "local:AAAA"])
def test_a_broken_key_file_stops_the_start_with_one_sentence(tmp_path, text):
    (tmp_path / "secret.key").write_text(text)
    with pytest.raises(StartupError, match=r"secret\.key"):
        keys_in(tmp_path)
    assert (tmp_path / "secret.key").read_text() == text
