"""A broadcast in channels and groups as well: posted, corrected where Telegram lets it, recalled. In both languages."""

from datetime import UTC, datetime

import pytest

from chatbot.emulator import Gathering
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import POSTING
from chatbot.emulator.world.places.gatherings import expel_bot, gather, give_rights, share, take_rights, upgrade
from chatbot.petition.broadcasts.place import PlaceKind
from chatbot.storage import Transaction, open_database
from chatbot.storage.places import places
from tests.emulator.conftest import until
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

KOREAN = """
유나: /broadcast
유나: 친구가 풀려났습니다.
유나: Our friend is free.
봇: (below) 받는 분께는 위와 같이 보입니다. … [📡 채널과 그룹: 없음]
유나: [📡 채널과 그룹: 없음]
봇: (in place) 채널과 그룹에도 올릴까요? … 누가 서명하는지 그곳에서는 아무도 볼 수 없습니다. … [길동네 소식
유나: [길동네 소식]
봇: (in place) [✓ 길동네 소식
유나: [Neighbours]
유나: [‹ 뒤로]
봇: (in place) 2명 … 📡 채널과 그룹: Neighbours 및 길동네 소식 … [📡 채널과 그룹: 2곳]
유나: [📣 보내기 …]
봇: (in place) 지금 보낼까요? … 📡 채널과 그룹: Neighbours 및 길동네 소식 … [✅ 네, 2명에게 보내기, 📡 2]
유나: [✅ 네, 2명에게 보내기, 📡 2]
봇: (later) 발송을 마쳤습니다. … 2명 가운데 2명에게 도착 … 채널과 그룹 … ✅ Neighbours … ✅ 길동네 소식
"""
SIGNING = """
하나: (waits)
봇: (later) 친구가 풀려났습니다.
하나: /start {code}
하나: [서명하기]
하나: [서명하기]
봇: (above) 고맙습니다
"""
KOREAN_CHANGES = """
유나: [✏️ 고치기 …]
유나: [✏️ 한국어]
유나: 친구가 드디어 풀려났습니다.
유나: [✏️ 모든 채팅방에서 고치기 …]
봇: (in place) 📡 채널과 그룹: Neighbours 및 길동네 소식
유나: [✅ 네, 고치기, 📡 2]
봇: (later) 고치기를 마쳤습니다. … 채널과 그룹 … ✅ Neighbours … ✅ 길동네 소식
유나: /broadcasts
유나: [✅]
유나: [🗑 모두에게서 삭제 …]
봇: (in place) 채팅방 2곳, 그리고 채널과 그룹에서
유나: [🗑 네, 2명에게서 삭제하기]
봇: (later) 모두에게서 삭제했습니다. … 채널과 그룹 … ✅ Neighbours … ✅ 길동네 소식
"""
ENGLISH = """
유나: /language
유나: [English]
유나: /broadcast
Bot: (below) A new update
유나: Our friend is free.
유나: [No Korean version]
유나: [Everyone: 2]
유나: [📡 Channels and groups: none]
{ticks}
유나: [‹ Back]
유나: [📣 Send …]
Bot: (in place) Send it now? … 👥 2 people … 📡 also in Choir 0, Choir 1 … and 12 more … [✅ Yes, send it: 2, 📡 20]
유나: [✅ Yes, send it: 2, 📡 20]
Bot: (later) Sent. … 2 of 2 have it … Channels and groups
"""
ENGLISH_CORRECTION = """
유나: [✏️ Correct …]
Bot: (below) Send me the corrected text.
유나: Our friend is free at last.
유나: [✏️ Correct it everywhere …]
유나: [✅ Yes, correct it, 📡 20]
Bot: (later) Corrected for people, but not in every … ⚠️ Choir 3: too old to … 🚪 Choir 8: I may not post … [📡 Channels
"""
ENGLISH_AGAIN = """
유나: [📡 Channels and groups: try again …]
Bot: (below) Correct it again in channels and groups? … Where it failed: Choir 8
유나: [✅ Yes, where it failed: 1]
Bot: (below) On its way to channels and groups.
Bot: (later) Corrected for people, but not in every channel or group. … ⚠️ Choir 3: too old to change
Bot: (not) Choir 8: I may not
"""
ENGLISH_RECALL = """
유나: /broadcasts
유나: [✅]
유나: [🗑 Delete for everyone …]
Bot: (in place) deleted in 2 chats, and in channels and groups
유나: [🗑 Yes, delete it for 2]
Bot: (later) Deleted for people, but not in every channel … 2 of 2 are deleted … 🚪 Choir 5: I am not there
"""


@pytest.fixture
async def place_stage(empty_stage: Stage) -> Stage:
    """A stage with 유나 as organizer, and two subscribers."""
    yuna = empty_stage.actor("유나")
    empty_stage.settings |= {"organizers": (yuna.id,), "broadcast_rate": 30.0}
    await empty_stage.opens()
    await empty_stage.tell("하나: /subscribe\nSam: /subscribe\n유나: /start")
    await until(lambda: not empty_stage.ledger.read("SELECT 1 FROM jobs"))
    return empty_stage


async def link(
    stage: Stage, title: str, language: str, kind: PlaceKind = "channel", telegram_kind: str = ""
) -> Gathering:
    """Make a channel or group, and link it by /channels."""
    yuna = stage.actor("유나")
    place = gather(stage.world, title, [yuna.person], kind=telegram_kind or kind, bot=False)
    await yuna.says("/channels")
    await yuna.presses("channels:new")
    await yuna._discard_earlier()
    share(stage.world, yuna.person, 1 if kind == "channel" else 2, place)
    await yuna.waits()
    assert title in yuna.screen
    code = read_code(stage, place)
    if stage.ledger.read(f"SELECT language FROM places WHERE code = '{code}'") != [{"language": language}]:
        await yuna.presses(f"channels:languages:{code}")
        await yuna.presses(f"channels:speak:{code}:{language}")
    return place


async def link_many(stage: Stage, titles: list[str], language: str) -> list[Gathering]:
    """Make channels and link them past the bot, which would call so many taps too fast."""
    yuna, linked = stage.actor("유나"), [gather(stage.world, each, kind="channel", bot=False) for each in titles]
    database = await open_database(f"sqlite:///{stage.file}")

    async def work(tx: Transaction) -> None:
        for place in linked:
            place.bot_status, place.bot_rights = "administrator", list(POSTING)
            assert await places.link(tx, place.id, "channel", place.title, language, yuna.id, datetime.now(UTC))

    await database.transact(work)
    await database.close()
    return linked


def read(stage: Stage, place: Gathering) -> list[Json]:
    """Return what the bot has posted in a place."""
    return [each for each in stage.world.said_in(place) if "new_chat_members" not in each and "text" in each]


def read_code(stage: Stage, place: Gathering) -> str:
    return str(stage.ledger.read(f"SELECT code FROM places WHERE chat = {place.id}")[0]["code"])


@pytest.mark.slow
async def test_korean_broadcast_is_posted_corrected_and_recalled_in_a_channel_and_a_group(place_stage: Stage) -> None:
    channel = await link(place_stage, "길동네 소식", "ko")
    group = await link(place_stage, "Neighbours", "en", "group")
    await place_stage.tell(KOREAN)
    (post,), (other,) = read(place_stage, channel), read(place_stage, group)
    assert (post["text"], other["text"]) == ("친구가 풀려났습니다.", "Our friend is free.")
    [[button]] = post["reply_markup"]["inline_keyboard"]
    assert button["text"] == "✍️ 서명하기"
    code = read_code(place_stage, channel)
    assert button["url"].endswith(f"?start={code}")
    hana = await place_stage.tell(SIGNING.format(code=code))
    signature = place_stage.ledger.signature(hana.id)
    assert signature is not None
    assert signature["source"] == code
    assert len(read(place_stage, channel)) == 1, "nobody in the channel sees who signs"
    await place_stage.tell("유나: /broadcasts\n유나: [✅]")
    await place_stage.tell(KOREAN_CHANGES)
    assert read(place_stage, channel) == read(place_stage, group) == []
    assert place_stage.ledger.read("SELECT count(*) AS n FROM deliveries WHERE supporter_id < 0") == [{"n": 0}]


@pytest.mark.slow
async def test_english_correction_is_told_where_telegram_refuses_it(place_stage: Stage) -> None:
    """Every tenth edit is refused, a right is given back, and the bot is removed from a channel."""
    linked = await link_many(place_stage, [f"Choir {nth}" for nth in range(20)], "en")
    ticks = "\n".join(f"유나: [Choir {nth}, English]" for nth in range(20))
    await place_stage.tell(ENGLISH.format(ticks=ticks))
    assert all([each["text"] for each in read(place_stage, place)] == ["Our friend is free."] for place in linked)
    faults = place_stage.emulator.faults
    old = faults.refuse(400, "Bad Request: message can't be edited", "editMessageText", person=linked[3].id)
    rights = faults.refuse(
        400, "Bad Request: not enough rights to edit a message", "editMessageText", person=linked[8].id
    )
    await place_stage.tell(ENGLISH_CORRECTION)
    texts = [read(place_stage, place)[0]["text"] for place in linked]
    assert [nth for nth, text in enumerate(texts) if text == "Our friend is free."] == [3, 8]
    assert (old.hits, rights.hits) == (1, 1), "what Telegram refuses is not asked again"
    faults.remove(rights)
    await place_stage.tell(ENGLISH_AGAIN)
    assert read(place_stage, linked[8])[0]["text"] == "Our friend is free at last."
    assert old.hits == 1
    faults.clear()
    linked[5].bot_status = "kicked"
    await place_stage.tell(ENGLISH_RECALL)
    assert [nth for nth, place in enumerate(linked) if read(place_stage, place)] == [5]


POSTED = """
유나: /broadcast
유나: {words}
유나: [영어 글은 쓰지 않기]
유나: [모두: 2명]
유나: [📡 채널과 그룹: 없음]
{ticks}
유나: [‹ 뒤로]
유나: [📣 보내기 …]
유나: [✅ 네, 2명에게 보내기, 📡 {count}]
"""


@pytest.mark.slow
async def test_places_change_in_the_very_moment_of_a_post(place_stage: Stage, wire: Wire) -> None:
    """A group becomes a supergroup at the call, the bot is removed at another, and is back for the next broadcast."""
    stage, world = place_stage, place_stage.world
    yuna = stage.actor("유나")
    group = await link(stage, "동네", "ko", "group")
    channel = await link(stage, "광장", "ko")
    grown: list[Gathering] = []

    def change(method: str) -> None:
        in_flight = "SELECT 1 FROM place_deliveries WHERE state = 'sending'"
        if method == "sendMessage" and not grown and stage.ledger.read(in_flight):
            grown.append(upgrade(world, group))
            expel_bot(world, channel)

    wire.at_call = change
    ticks = "유나: [동네]\n유나: [광장]"
    await stage.tell(POSTED.format(words="친구가 풀려났습니다.", ticks=ticks, count=2))
    await yuna.awaits(lambda screen: "발송을 마쳤습니다" in screen or "알려 드릴 것이 있습니다" in screen)
    assert grown
    [supergroup] = grown
    assert [each["text"] for each in read(stage, supergroup)] == ["친구가 풀려났습니다."], "it followed, once"
    states = {
        row["title"]: (row["state"], row["reason"]) for row in stage.ledger.read("SELECT * FROM place_deliveries")
    }
    assert states["동네"] == ("sent", None)
    assert states["광장"][1] == "removed"
    assert len(stage.ledger.read("SELECT 1 FROM deliveries WHERE state = 'sent'")) == 2
    wire.at_call = None
    give_rights(world, channel)
    await yuna.awaits(lambda screen: "다시 글을 올릴 수 있습니다" in screen)
    take_rights(world, supergroup)
    await yuna.awaits(lambda screen: "더는 글을 올릴 수 없습니다" in screen)
    await stage.tell(POSTED.format(words="둘째 소식입니다.", ticks=ticks, count=1))
    await yuna.awaits(lambda screen: "발송을 마쳤습니다" in screen)
    assert [each["text"] for each in read(stage, channel)] == ["둘째 소식입니다."]
    assert len(read(stage, supergroup)) == 1
