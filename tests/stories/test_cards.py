"""A card goes from chat to chat: shared after signing, signed by a friend, its number follows. In both languages."""

import re

import pytest

from chatbot.emulator import Fault, Gathering
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.wire import Json
from chatbot.emulator.world.inline import asks_inline, calls_guest, chooses_result, find_inline_message
from chatbot.emulator.world.places.gatherings import admit_bot, gather, upgrade
from tests.support.actor import Actor
from tests.support.bot_api_schema import watch_updates
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage
from tests.support.traces import find_traces

KOREAN_SIGNS = """
하나: /start
하나: [서명하기]
하나: [서명하기]
봇: (above) 고맙습니다
하나: [🔔 소식 받기]
"""
ENGLISH_SIGNS = """
Sam: /start
Sam: [Sign the petition]
Sam: [✍️ Sign]
Bot: (above) Thank you
Sam: [Get updates]
"""


@pytest.fixture(autouse=True)
def _fast_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cards follow each signature at once."""
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.EVERY", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.PAUSES", (0.05, 0.1))
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.CARD_RESTS", 0.1)
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.ALL_REST", 0.05)
    monkeypatch.setattr("chatbot.broadcasting.pace.CARDS", 200.0)
    monkeypatch.setattr("chatbot.petition.rounding.EXACT", 10**9)


@pytest.fixture
async def cards_stage(empty_stage: Stage) -> Stage:
    """A bot with inline mode and guest mode."""
    bot = empty_stage.world.bot
    bot.has_inline = bot.is_guest = True
    watch_updates(empty_stage.world)
    await empty_stage.opens()
    return empty_stage


def meet_in_group(stage: Stage, *names: str) -> Gathering:
    """Make a group of which the bot is no member."""
    return gather(stage.world, "친구들", [stage.actor(name).person for name in names], bot=False)


async def type_name(stage: Stage, wire: Wire, actor: Actor, place: Gathering) -> str:
    """Type @bot in a chat and wait for the results."""
    query_id = asks_inline(stage.world, actor.person, place)
    await wire.until(lambda: stage.world.inline_queries[query_id].results is not None, GIVE_UP)
    return query_id


def read_start(message: Json) -> str:
    """Return the start parameter of the card's only button."""
    [[button]] = message["reply_markup"]["inline_keyboard"]
    found = re.fullmatch(r"https://t\.me/petition_bot\?start=([A-Za-z0-9_-]+)", button["url"])
    assert found
    return found[1]


def count(stage: Stage, table: str) -> int:
    """Count the rows of a table."""
    return len(stage.ledger.read(f"SELECT * FROM {table}"))


def read_source(stage: Stage, actor: Actor) -> str | None:
    """Return the source of somebody's signature."""
    signature = stage.ledger.signature(actor.id)
    assert signature is not None
    source: str | None = signature["source"]
    return source


async def wait_for_text(stage: Stage, wire: Wire, message: Json, text: str) -> None:
    """Wait until the message reads so."""

    def reads() -> bool:
        now = stage.world.message(message["chat"]["id"], message["message_id"])
        return now is not None and text in now["text"]

    await wire.until(reads, GIVE_UP)


async def test_korean_card_is_shared_signed_in_three_taps_and_follows(cards_stage: Stage, wire: Wire) -> None:
    stage = cards_stage
    hana = await stage.tell(KOREAN_SIGNS)
    assert hana.find("텔레그램")["switch_inline_query_chosen_chat"]["allow_group_chats"]
    place = meet_in_group(stage, "하나", "Sam")
    query = stage.world.inline_queries[query_id := await type_name(stage, wire, hana, place)]
    assert [each["id"] for each in query.results or ()] == ["ko", "en"]
    assert (query.button, query.options) == (None, {"cache_time": 10, "is_personal": True})
    card = chooses_result(stage.world, query_id, "ko")
    assert "탈북 난민" in card["text"]
    assert "178,922" in card["text"]
    assert "하나" not in card["text"]
    start = read_start(card)
    assert start.startswith("s-")

    sam = await stage.tell(f"""
        Sam: /start {start}
        Bot: 178,922
        Sam: [Sign the petition]
        Sam: [✍️ Sign]
        Bot: (above) Thank you
    """)
    assert "178,923" in sam.above
    await wait_for_text(stage, wire, card, "178,923")
    now = stage.world.message(place.id, card["message_id"])
    assert now is not None
    assert read_start(now) == "card", "the number follows, and nothing of the sharer is kept"
    assert read_source(stage, sam) == start


async def test_english_card_offers_a_stranger_to_sign_first(cards_stage: Stage, wire: Wire) -> None:
    stage = cards_stage
    sam = stage.actor("Sam")
    place = meet_in_group(stage, "Sam", "하나")
    query_id = await type_name(stage, wire, sam, place)
    query = stage.world.inline_queries[query_id]
    assert query.button == {"text": "✍️ Sign first", "start_parameter": "sign-first"}
    card = chooses_result(stage.world, query_id, "en")
    assert read_start(card).startswith("s-"), "nobody sees on a card who has signed"
    assert count(stage, "supporters") == 0, "a query stores nothing"
    await stage.tell("""
        Sam: /start sign-first
        Bot: Sam Taylor … Canada
        Sam: [✍️ Sign]
        Bot: (above) Thank you
    """)
    assert read_source(stage, sam) is None
    again = await type_name(stage, wire, sam, place)
    assert stage.world.inline_queries[again].button is None
    await wait_for_text(stage, wire, card, "178,922")


async def test_bot_is_called_as_a_guest(cards_stage: Stage, wire: Wire) -> None:
    stage = cards_stage
    place = meet_in_group(stage, "하나", "Sam")
    query_id = calls_guest(stage.world, stage.actor("하나").person, place, "비밀 이야기")
    await wire.until(lambda: stage.world.inline_queries[query_id].results is not None, GIVE_UP)
    _called, card = stage.world.said_in(place)
    assert "탈북 난민" in card["text"]
    assert read_start(card) == "card"
    assert count(stage, "supporters") == 0
    await stage.tell(ENGLISH_SIGNS)
    await wait_for_text(stage, wire, card, "178,922")
    assert "비밀" not in stage.file.read_bytes().decode("utf-8", "replace")


async def test_card_greets_a_group_and_not_the_supergroup_that_it_becomes(cards_stage: Stage, wire: Wire) -> None:
    stage, sam = cards_stage, cards_stage.actor("Sam")
    group = gather(stage.world, "친구들", [sam.person], kind="group", bot=False)
    admit_bot(stage.world, group)
    await wire.until(lambda: bool(_list_cards(stage, group)), GIVE_UP)
    grown = upgrade(stage.world, group)
    await wire.until_heard(stage.world)
    assert _list_cards(stage, grown) == []
    stage.world.says(sam.person, f"/share@{stage.world.bot.username}", grown)
    await wire.until(lambda: bool(_list_cards(stage, grown)), GIVE_UP)
    assert len(_list_cards(stage, group)) == len(_list_cards(stage, grown)) == 1


async def test_card_that_answers_in_a_group_follows_until_it_is_deleted(cards_stage: Stage, wire: Wire) -> None:
    stage, sam = cards_stage, cards_stage.actor("Sam")
    group = gather(stage.world, "친구들", [sam.person], bot=False)
    admit_bot(stage.world, group)
    await wire.until(lambda: bool(_list_cards(stage, group)), GIVE_UP)
    [greeting] = _list_cards(stage, group)
    await wire.until(lambda: count(stage, "cards") == 1)
    await stage.reopens()
    stage.world.says(sam.person, f"/start@{stage.world.bot.username}", group)
    await wire.until(lambda: len(_list_cards(stage, group)) == 2, GIVE_UP)
    card = _list_cards(stage, group)[1]
    await wire.until(lambda: count(stage, "cards") == 2)
    await stage.tell(KOREAN_SIGNS)
    for each in (greeting, card):
        await wait_for_text(stage, wire, each, "178,922")
    now = stage.world.message(group.id, card["message_id"])
    assert now is not None
    assert read_start(now) == read_start(card) == "group"
    stage.world.remove(card)
    await stage.tell(ENGLISH_SIGNS)
    await wait_for_text(stage, wire, greeting, "178,923")
    await wire.until(lambda: count(stage, "cards") == 1)
    await stage.closes()
    assert find_traces(stage.file.parent, [str(group.id).encode()]) == [], "nothing leads to the group"


def _list_cards(stage: Stage, group: Gathering) -> list[Json]:
    return [each for each in stage.world.said_in(group) if "reply_markup" in each]


@pytest.mark.slow
async def test_cards_follow_while_a_tenth_of_the_edits_is_refused(cards_stage: Stage, wire: Wire) -> None:
    stage = cards_stage
    place = meet_in_group(stage, "하나", "Sam")
    hana = stage.actor("하나")
    posted = [chooses_result(stage.world, await type_name(stage, wire, hana, place), each) for each in ("ko", "en") * 6]
    for refusal in (
        RefusalError(429, "Too Many Requests: retry after 1", retry_after=1),
        RefusalError(500, "Internal"),
    ):
        stage.emulator.faults.add(
            Fault(what="refuse", method="editMessageText", probability=0.05, refusal=refusal, times=1_000)
        )
    gone = posted.pop()
    stage.world.remove(gone)
    await stage.tell(KOREAN_SIGNS)
    for card in posted:
        await wait_for_text(stage, wire, card, "178,922")
    stage.emulator.faults.clear()
    await stage.reopens()
    await stage.tell(ENGLISH_SIGNS)
    for card in posted:
        await wait_for_text(stage, wire, card, "178,923")
    assert count(stage, "cards") == len(posted)
    assert all(find_inline_message(stage.world, each) for each in list(stage.world.inline_messages)[:-1])


async def test_without_inline_mode_the_share_link_stays(empty_stage: Stage) -> None:
    await empty_stage.opens()
    hana = await empty_stage.tell(KOREAN_SIGNS)
    assert hana.find("텔레그램")["url"].startswith("https://t.me/share/url")


async def test_erasing_and_withdrawing_leave_cards_alone(cards_stage: Stage, wire: Wire) -> None:
    stage = cards_stage
    hana = await stage.tell(KOREAN_SIGNS)
    place = meet_in_group(stage, "하나", "Sam")
    card = chooses_result(stage.world, await type_name(stage, wire, hana, place), "ko")
    await wire.until(lambda: count(stage, "cards") == 1)
    await stage.tell("""
        하나: /forget
        하나: [모두 삭제하기]
    """)
    assert count(stage, "cards") == 1
    await wait_for_text(stage, wire, card, "178,921")
