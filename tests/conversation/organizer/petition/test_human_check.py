"""The human check for supporters: they tap the right picture before signing."""

import asyncio
from typing import Any

import pytest

from chatbot.petition.signing.picture_question import PICTURES, REST
from chatbot.screens.supporter.human_check import WORDS
from chatbot.storage import Transaction
from chatbot.storage.organizer import human_check, petition_status
from chatbot.storage.people import signatures, supporters
from tests.support.cast import HANA, SAM, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
def sam(chats: TeamChats) -> Chat:
    return chats.chat(SAM, "Sam")


async def switch(chats: TeamChats, mode: str, rate: int = 100) -> None:
    async def work(tx):
        status = await petition_status.find(tx)
        assert await human_check.switch(tx, status.human.revision, mode, rate, YUNA)

    await chats.database.transact(work)


async def signed(chats: TeamChats) -> int:
    return await chats.database.transact(signatures.count)


def asked(chat: Chat) -> str:
    """The picture that is asked for, found by its word."""
    word = {WORDS[thing](chat.dialog._translators[chat.person.language_code]): thing for thing in WORDS}  # type: ignore[index]
    return next(word[each] for each in word if f"the {each}.</b>" in chat.text or f"에 {each} 그림을" in chat.text)


def find_buttons(chat: Chat) -> tuple[str, str]:
    """The data of the right button and of a wrong one."""
    right = PICTURES[asked(chat)]
    found = dict(zip(chat.labels, chat.actions, strict=True))
    return found[right], next(found[label] for label in chat.labels[:4] if label != right)


async def test_human_check_asks_nobody_while_it_is_off(chats: TeamChats, sam: Chat) -> None:
    await sam.signs()
    assert "Thank you, Sam" in sam.receipt


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_signer_passes_the_human_check_once(chats: TeamChats, language: str) -> None:
    sam = chats.chat(SAM, "Sam", language)
    await switch(chats, "on")
    await sam.signs()
    assert await signed(chats) == 0
    assert [len(row) for row in sam.screen.rows] == [2, 2, 1]
    assert set(sam.labels[:4]) <= set(PICTURES.values())
    await sam.presses(find_buttons(sam)[0])
    assert "178,922" in sam.receipt
    assert "Sam" in sam.receipt
    assert await signed(chats) == 1
    await sam.says("/withdraw")
    await sam.presses(next(action for action in sam.actions if action.startswith("withdraw:")))
    assert await signed(chats) == 0
    await sam.signs()
    assert await signed(chats) == 1


class Counted:
    """A transaction that counts its statements."""

    def __init__(self, tx: Transaction, counts: list[int]) -> None:
        self.tx, self.counts = tx, counts

    def __getattr__(self, name: str) -> Any:
        self.counts[-1] += 1
        return getattr(self.tx, name)


async def test_human_check_costs_no_further_statement(chats: TeamChats, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    transact = chats.database.transact

    async def count(work, *args):
        counts.append(0)
        return await transact(lambda tx: work(Counted(tx, counts), *args))

    turns = {}
    for mode, person in (("off", SAM), ("on", HANA)):
        await switch(chats, mode)
        chat = chats.chat(person, "Sam")
        await chat.says("/start")
        await transact(supporters.note_human, person, chats.driver.now)
        with monkeypatch.context() as patched:
            patched.setattr(chats.database, "transact", count)
            await chat.signs()
        assert "Thank you, Sam" in chat.receipt
        turns[mode] = counts.copy()
        counts.clear()
    assert turns["on"] == turns["off"]
    assert len(turns["on"]) == 3
    assert all(turns["on"])


async def test_button_data_does_not_tell_the_right_picture(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    assert not [name for name in PICTURES if any(name in action for action in sam.actions)]
    assert [action.partition(".")[2].partition(".")[0] for action in sam.actions] == ["0", "1", "2", "3", "back"]


async def test_wrong_tap_asks_again_and_several_cause_a_rest(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    for told in ("four new ones", "four new ones", "half a minute"):
        before = sam.labels[:4]
        await sam.presses(find_buttons(sam)[1])
        assert told in sam.text
        assert not set(before) & set(sam.labels[:4])
    right, _ = find_buttons(sam)
    await sam.presses(right)
    assert "half a minute" in (sam.notice or "")
    await sam.says(WORDS[asked(sam)](chats.translators["en"]))
    assert "Not yet, please" in sam.text
    assert await signed(chats) == 0
    chats.driver.now += REST
    await sam.presses(right)
    assert await signed(chats) == 1


async def test_typed_answer_passes_the_check_and_signing_is_a_tap(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    await sam.says("what?")
    assert "type its name" in sam.text
    await sam.sends("sticker")
    assert "only read text" in sam.text
    await sam.says(
        WORDS[next(thing for thing in WORDS if PICTURES[thing] in sam.labels and thing != asked(sam))](
            chats.translators["ko"]
        )
    )
    assert "four new ones" in sam.text
    await sam.says(f" {PICTURES[asked(sam)]} ")
    assert "Now tap Sign" in sam.text
    await sam.again()
    assert "Ready to sign?" in sam.text
    await sam.taps("✍️")
    assert await signed(chats) == 1


async def test_going_back_brings_the_same_pictures(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    labels = sam.labels
    await sam.says("/sign")
    assert sam.labels == labels
    await sam.says("/read")
    await sam.says("/sign")
    await sam.taps("✍️")
    assert sam.labels == labels
    sam = chats.chat(SAM, "Sam")  # in another process, or after a restart
    await sam.says("/sign")
    assert sam.labels == labels
    await sam.presses("speak:ko")
    assert "그림을 눌러 주세요" in sam.text
    await sam.presses("speak:en")
    await sam.taps("Back")
    assert "Ready to sign?" in sam.text
    await sam.taps("✍️")
    assert sam.labels == labels
    await sam.says("/cancel")
    assert "Nothing was signed" in sam.text


async def test_old_buttons_and_repeated_updates_do_nothing(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    old = list(sam.actions[:4])
    await sam.presses(find_buttons(sam)[1])
    labels = sam.labels
    await sam.again()
    assert sam.labels == labels, "delivered twice, missed once"
    for action in (*old, "human.", "human.9.zz", "human.0"):
        await sam.presses(action)
        assert sam.labels == labels
    right, wrong = find_buttons(sam)
    await sam.presses(right)
    assert "Thank you, Sam" in sam.receipt
    await sam.again()
    assert "Thank you, Sam" in sam.text
    for action in (right, wrong, *old):
        await sam.presses(action)
        assert "You've signed" in (sam.notice or "")
    assert await signed(chats) == 1


async def test_hundred_taps_on_the_right_picture_make_one_signature(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    right, _ = find_buttons(sam)
    fingers = [chats.chat(SAM, "Sam") for _ in range(100)]
    await asyncio.gather(*(finger.presses(right) for finger in fingers))
    assert ["Thank you, Sam" in finger.receipt for finger in fingers].count(True) == 1
    assert await signed(chats) == 1


async def test_supporter_at_the_last_question_is_asked_when_it_is_switched_on(chats: TeamChats, sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("Canada")
    await switch(chats, "on")
    await sam.taps("✍️")
    assert "Before you sign" in sam.text
    await sam.presses(find_buttons(sam)[0])
    assert await signed(chats) == 1


async def test_wrong_picture_leads_back_to_sign_after_a_switch_off(chats: TeamChats, sam: Chat) -> None:
    await switch(chats, "on")
    await sam.signs()
    await switch(chats, "off")
    await sam.presses(find_buttons(sam)[1])
    await sam.taps("✍️")
    assert await signed(chats) == 1
