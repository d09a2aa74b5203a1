"""/channels: linking by Telegram's list, pausing, unlinking, the language, the card, and who may do it."""

from datetime import timedelta

import pytest

from chatbot.conversation.interface import BotStatus, Heard, Person
from chatbot.petition.job import ChatMovedError, RetryLaterError
from chatbot.screens.screen import ChatRequest, Copy
from chatbot.storage.places import places, refusals
from tests.support.cast import HANA, SAM
from tests.support.chat import Chat
from tests.support.cut_off_jobs import cut_off
from tests.support.place_buttons import CHANNEL, SHARED, find, link, pin
from tests.support.team_chats import LINK, TeamChats


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    chat = await chats.open_owner()
    await chats.run_jobs()  # her menu
    return chat


async def test_organizer_links_a_channel_by_telegrams_list(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/channels")
    assert "Link a channel or group" in yuna.text
    await yuna.taps("➕ Link")
    assert yuna.answer
    assert yuna.answer.edit is None, "a keyboard below the message field is in a message of its own"
    assert [each.kind for each in yuna.screen.keyboard if isinstance(each, ChatRequest)] == ["channel", "group"]
    await yuna.does(SHARED)
    assert "is linked" in yuna.first[0]
    assert yuna.answer.first[0].removes_keyboard
    assert "Signed through its link: at most 19" in yuna.text
    place = await find(chats)
    assert place.language == "en", "the organizer's"
    copied = [button.text for row in yuna.screen.rows for button in row if isinstance(button, Copy)]
    assert copied == [f"{LINK}?start={place.code}"]
    await yuna.does(SHARED)
    assert "already" in yuna.first[0]
    await yuna.says("/channels")
    assert "내 친구를 살려 주세요" in yuna.text
    assert await chats.list_entries() == ["place.linked"]


async def test_linking_again_ends_a_trouble_whose_end_the_bot_missed(chats: TeamChats, yuna: Chat) -> None:
    """Telegram keeps updates for a day: after an outage of days the bot would skip a channel for ever."""
    place = await link(chats, yuna)
    await chats.database.transact(refusals.note_rights, CHANNEL, "removed", chats.driver.now)
    await yuna.presses("channels:new")
    await yuna.does(SHARED)
    assert "already" in yuna.first[0]
    assert "⚠️" not in yuna.text
    again = await find(chats)
    assert (again.code, again.takes_posts) == (place.code, True)


async def test_organizer_who_links_nothing_is_free_again(yuna: Chat) -> None:
    await yuna.presses("channels:new")
    await yuna.says("Not now")
    assert "nothing was linked" in yuna.text
    assert yuna.screen.removes_keyboard
    await yuna.presses("channels:new")
    await yuna.says("/cancel")
    assert "nothing was linked" in yuna.text


@pytest.mark.parametrize(
    ("way", "shown"), [("/stats", "📊"), ("/broadcast", "A new update"), ("/sign", "What is your name")]
)
async def test_list_of_chats_goes_when_something_else_is_shown(yuna: Chat, way: str, shown: str) -> None:
    await yuna.presses("channels:new")
    await yuna.says(way)
    assert yuna.answer
    assert "nothing was linked" in yuna.first[0]
    assert yuna.answer.first[0].removes_keyboard
    assert shown in yuna.text
    await yuna.says("/channels")
    assert not yuna.first, "once"


@pytest.mark.parametrize("before", [[], ["/stats"], ["/broadcast"], ["/broadcast", "Our friend is free."]])
@pytest.mark.parametrize("label", ["Not now", "나중에"])
async def test_button_that_a_killed_process_left_is_understood(yuna: Chat, before: list[str], label: str) -> None:
    """The answer that takes the buttons away may be lost: the question is over, and they stay."""
    for each in before:
        await yuna.says(each)
    asked = yuna.text
    await yuna.says(label)
    assert yuna.answer
    told = yuna.answer.first[0] if yuna.first else yuna.screen
    assert "nothing was linked" in str(told.text)
    assert told.removes_keyboard
    if "/broadcast" in before:
        assert yuna.text == asked, "what she was writing goes on"


async def test_signatures_through_its_link_are_its_own(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    await chats.sign(1, [("KR", place.code)] * 9)
    await yuna.presses(f"channels:show:{place.code}")
    assert "Signed through its link: at most 19" in yuna.text, "never that nobody did"
    await chats.sign(10, [("KR", place.code)] * 21)
    await yuna.presses(f"channels:show:{place.code}")
    assert "Signed through its link: 30" in yuna.text
    await yuna.presses("stats:source:all")
    assert "내 친구를 살려 주세요" in yuna.text
    assert place.code not in yuna.text


async def test_only_organizers_link(chats: TeamChats, yuna: Chat) -> None:
    sam, hana = chats.chat(SAM, "Sam"), await chats.add_member(chats.chat(HANA, "하나"), "viewer")
    for chat in (sam, hana):
        await chat.does(SHARED)
        await chat.says("/channels")
        await chat.presses("channels:new")
    assert "Only organizers" in str(hana.notice)
    assert not sam.screen.keyboard
    assert await chats.database.transact(places.list_linked) == []


async def test_buttons_of_a_place_that_never_was_lead_to_the_list(yuna: Chat) -> None:
    for what in ("show:c-none", "ask:pin:c-none", "pause:c-none:x", "speak:c-none:ko", "ask:fly:c-none", "unpin:", ""):
        await yuna.presses(f"channels:{what}")
        assert "Channels and groups" in yuna.text


async def test_team_is_told_of_rights_once_and_of_their_return(chats: TeamChats, yuna: Chat) -> None:
    await link(chats, yuna)
    for nth, trouble in enumerate(("rights", "rights", None)):
        event = BotStatus(CHANNEL, SHARED.title, trouble)  # type: ignore[arg-type]
        await yuna.dialog.hear(Heard(nth + 1, Person(SAM, "Sam", "en"), event))
    told = await chats.run_jobs()
    first_words = sorted(text.split("“")[0] for text in told[yuna.person.id])
    assert first_words == ["⚠️ I may no longer post in ", "✅ I may post in "]


async def test_card_is_posted_pinned_and_taken_down(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    told = await chats.run_jobs()
    assert sorted(told) == sorted((CHANNEL, yuna.person.id)), "nobody else hears of it"
    assert "The card is pinned in" in told[yuna.person.id][0]
    assert (await find(chats)).has_card
    assert chats.jobs.chat_sender.pinned == {CHANNEL: 1}
    await yuna.presses(f"channels:unpin:{place.code}")
    assert "Pin a card" in str(yuna.labels)
    assert await chats.run_jobs() == {}
    assert chats.jobs.chat_sender.pinned == {}


async def test_card_that_telegram_refuses_is_told_and_noted(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    chats.jobs.chat_sender.gone.add(CHANNEL)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    told = await chats.run_jobs()
    assert "no card is pinned" in told[yuna.person.id][0]
    found = await find(chats)
    assert (found.card_message_id, found.trouble) == (None, "refused")
    chats.driver.now += refusals.LASTS + timedelta(seconds=1)
    told = await chats.run_jobs()
    assert "Telegram refuses my posts" in told[yuna.person.id][0]


async def test_card_is_never_posted_twice(chats: TeamChats, yuna: Chat) -> None:
    """After a call that may have succeeded the organizer is asked to look; after one that did not, it is repeated."""
    place = await link(chats, yuna)
    sender = chats.jobs.chat_sender
    for unsure in (False, True):
        await yuna.presses(f"channels:ask:pin:{place.code}")
        await yuna.taps("Yes, pin it")
        sender.trouble.append(RetryLaterError(0, unsure=unsure))
        told = await chats.run_jobs()
        assert (CHANNEL in told) is not unsure
        assert ("do not know whether" in str(told.get(yuna.person.id))) is unsure
        await yuna.presses(f"channels:unpin:{place.code}")
        await chats.run_jobs()


async def test_interrupted_pinning_goes_on_with_the_same_message(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    chats.jobs.chat_sender.trouble.extend((None, RetryLaterError(0, unsure=True)))
    told = await chats.run_jobs()
    assert len(told[CHANNEL]) == 1, "it is posted once"
    assert chats.jobs.chat_sender.pinned == {CHANNEL: (await find(chats)).card_message_id}


async def test_card_follows_a_group_into_its_supergroup(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    chats.jobs.chat_sender.trouble.append(ChatMovedError(CHANNEL - 1))
    told = await chats.run_jobs()
    assert (CHANNEL in told, CHANNEL - 1 in told) == (False, True)
    moved = await chats.database.transact(places.find, place.code)
    assert moved is not None
    assert (moved.chat_id, moved.has_card) == (CHANNEL - 1, True)
    assert "is a supergroup now" in str(told[yuna.person.id])


async def test_card_of_an_unlinked_place_is_unpinned(chats: TeamChats, yuna: Chat) -> None:
    place = await link(chats, yuna)
    await pin(chats)
    chats.jobs.chat_sender.pinned[CHANNEL] = 7
    await yuna.presses(f"channels:ask:unlink:{place.code}")
    await yuna.taps("Yes, unlink")
    assert "is unlinked" in yuna.text
    await chats.run_jobs()
    assert chats.jobs.chat_sender.pinned == {}


async def test_killed_process_asks_to_look_for_the_card(
    chats: TeamChats, yuna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await link(chats, yuna)
    await yuna.presses(f"channels:ask:pin:{place.code}")
    await yuna.taps("Yes, pin it")
    await cut_off(chats, monkeypatch)
    told = await chats.run_jobs()
    assert "do not know whether" in told[yuna.person.id][0]
    assert CHANNEL not in told
    assert (await find(chats)).card_message_id is None
