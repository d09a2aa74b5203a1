"""Signing with sealed names: people see what they sign, and stored names need the private key."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.conversation.name_vault import REMEMBERED, NameVault
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.petition.sealing.keys import Opener, Seal, make_pair
from chatbot.storage import Database
from chatbot.storage.people import signatures
from tests.conversation.conftest import LINK
from tests.support.cast import HANA
from tests.support.chat import Chat

PUBLIC, PRIVATE = make_pair()
NAME, REASON = "김하나리", "제 친구를 돌려보내지 마십시오."

Restart = Callable[[], Dialog]


@pytest.fixture
def restart(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Restart:
    """Make a dialog with sealing and an empty vault. Each uses the same database."""

    def make() -> Dialog:
        return Dialog(database, replace(campaign, is_open=True), translators, LINK, seal=Seal.read(PUBLIC))

    return make


@pytest.fixture
def hana(restart: Restart) -> Chat:
    """하나, in a chat with a bot that seals."""
    return Chat(restart(), Person(HANA, "하나", "ko"))


def written(directory: Path) -> bytes:
    """Read all files in the folder."""
    return b"".join(file.read_bytes() for file in directory.rglob("*") if file.is_file())


async def test_signer_sees_her_text_and_no_file_contains_it(hana: Chat, database: Database, tmp_path: Path):
    await hana.begins()
    await hana.says(NAME)
    await hana.says("한국")
    await hana.taps("이유")
    await hana.says(REASON)
    assert NAME in hana.text
    assert REASON in hana.text
    assert not [word for word in (NAME, REASON) if word.encode() in written(tmp_path)], "a draft is stored in clear"
    await hana.taps("서명하기")
    assert NAME in hana.receipt
    assert not [word for word in (NAME, REASON) if word.encode() in written(tmp_path)]

    signature = await database.transact(signatures.find, HANA)
    assert signature is not None
    assert signature.reason is not None
    opener = Opener.read([PRIVATE])
    assert (opener.open(signature.name), opener.open(signature.reason)) == (NAME, REASON)


async def test_profile_name_is_sealed(hana: Chat, database: Database):
    await hana.signs()
    signature = await database.transact(signatures.find, HANA)
    assert signature is not None
    assert Opener.read([PRIVATE]).open(signature.name) == "하나"


async def test_sealed_draft_survives_a_restart_and_can_be_signed_or_retyped(
    hana: Chat, restart: Restart, database: Database
):
    await hana.begins()
    await hana.says(NAME)
    await hana.says("한국")
    hana.dialog = restart()
    await hana.says("/sign")
    assert NAME not in hana.text
    assert "암호화됨" in hana.text
    await hana.taps("✏️ 이름")
    await hana.taps("암호화됨")  # keep it
    await hana.taps("✏️ 이름")
    await hana.says("하나")
    assert "하나" in hana.text
    hana.dialog = restart()
    await hana.says("/sign")
    await hana.taps("서명하기")
    assert "고맙습니다" in hana.receipt
    assert "암호화됨" not in hana.receipt
    signature = await database.transact(signatures.find, HANA)
    assert signature is not None
    assert Opener.read([PRIVATE]).open(signature.name) == "하나"


def test_vault_remembers_a_text_for_half_an_hour():
    now = 0.0
    vault = NameVault(Seal.read(PUBLIC), clock=lambda: now)
    kept = vault.seal(NAME)
    now = REMEMBERED - 1
    assert vault.recall(kept) == NAME
    now = REMEMBERED + 1
    assert vault.recall(kept) is None
    vault.seal("another")
    assert kept not in vault._remembered, "it is no longer in memory"


def test_vault_forgets_the_oldest_text_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chatbot.conversation.name_vault._MOST", 3)
    vault = NameVault(Seal.read(PUBLIC))
    kept = [vault.seal(str(each)) for each in range(5)]
    assert [vault.recall(each) for each in kept] == [None, None, "2", "3", "4"]


def test_vault_without_a_key_changes_nothing():
    vault = NameVault()
    assert vault.seal(NAME) == NAME
    assert vault.recall(NAME) == NAME


async def test_draft_from_before_the_key_is_sealed_before_it_is_stored_again(
    hana: Chat, dialog: Dialog, restart: Restart, database: Database, tmp_path: Path
):
    hana.dialog = dialog  # without a key
    await hana.begins()
    await hana.says(NAME)
    await hana.says("한국")
    await hana.taps("이유")
    await hana.says(REASON)
    hana.dialog = restart()
    await hana.taps("서명하기")
    assert NAME in hana.text, "she is asked once more, and sees what she signs"
    assert not [word for word in (NAME, REASON) if word.encode() in written(tmp_path)]
    await hana.taps("서명하기")
    signature = await database.transact(signatures.find, HANA)
    assert signature is not None
    assert Opener.read([PRIVATE]).open(signature.name) == NAME
    assert is_sealed(signature.name)
    assert is_sealed(signature.reason or "")
    assert not [word for word in (NAME, REASON) if word.encode() in written(tmp_path)]


async def test_change_from_before_the_key_is_undone_sealed(
    hana: Chat, dialog: Dialog, restart: Restart, database: Database
):
    hana.dialog = dialog
    await hana.signs()
    await hana.says("/me")
    await hana.taps("✏️ 이름")
    await hana.says(NAME)
    hana.dialog = restart()
    await hana.taps("되돌리기")
    signature = await database.transact(signatures.find, HANA)
    assert signature is not None
    assert is_sealed(signature.name)
