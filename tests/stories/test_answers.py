"""Typed text is an answer only to the question on the screen; what people type means what they meant."""

import re
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from chatbot import storage
from chatbot.app.data_retention import erase_expired
from chatbot.storage.engine import timestamps
from tests.support.actor import Actor
from tests.support.cast import YUNA
from tests.support.stage import Stage

SIGN = {"하나": "하나: /sign\n하나: [✍️ 서명하기]\n", "Sam": "Sam: /sign\nSam: [✍️ Sign]\n"}
CHATTER = {"하나": "감사합니다. 응원해요!", "Sam": "good luck to you"}
ELSEWHERE = ("/start", "/updates", "/share", "/help", "/read", "/privacy", "updates:1", "home", "share", "help", "me")


async def act(actor: Actor, what: str) -> str:
    """Send a command, or press a button of that data."""
    return await (actor.says(what) if what.startswith("/") else actor.presses(what, stale=True))


@pytest.mark.parametrize("speaker", SIGN)
@pytest.mark.parametrize(("line", "nth"), [("name", 0), ("country", 1), ("reason", 2)])
async def test_stray_sentence_changes_no_signature(stage: Stage, speaker: str, line: str, nth: int) -> None:
    actor = await stage.tell(SIGN[speaker])
    before = stage.ledger.signature(actor.id)
    for elsewhere in ELSEWHERE[nth::3]:  # more at once are too many for one person
        await actor.says("/me")
        await actor.presses(f"me:{line}")
        await act(actor, elsewhere)
        for text in (CHATTER[speaker], "France", "Mallory"):
            await actor.says(text)
    assert stage.ledger.signature(actor.id) == before


@pytest.mark.parametrize("speaker", SIGN)
async def test_stray_sentence_answers_no_question_of_signing(stage: Stage, speaker: str) -> None:
    actor = stage.actor(speaker)
    await actor.says("/sign")
    await actor.presses("check.name")
    await actor.says("/help")
    asked = await actor.says("Mallory")
    assert "check.sign" in str(actor.message), "the check, and nothing has changed on it"
    assert "Mallory" not in asked


LEFT = """
Mallory: /sign
Bot: Which country
Mallory: /privacy
Mallory: Canada
Bot: (below) didn't take that as an answer … Which country
Mallory: Canada
Bot: (below) Ready to sign? … 👤 Mallory … 🇨🇦 Canada
"""


async def test_question_that_was_left_is_asked_again(stage: Stage) -> None:
    await stage.tell(LEFT)


TYPED = """
Sam: /sign
Sam: name
Bot: (below) Type the new name
Sam: keep sam taylor
Bot: Ready to sign? … 👤 Sam Taylor
Sam: 이름
Bot: Type the new name
Sam: 서명하기
Bot: Type the new name
Sam: Sign!
Bot: Type the new name
Sam: skip
Bot: needed to sign … Type the new name
Sam: My name is Samuel.
Bot: 👤 Samuel
Sam: sign
Bot: Tap Sign if it's right
Sam: reason
Bot: Why are you signing?
Sam: none
Bot: (below) 💬 No reason given
Sam: ✏️ Name
Sam: why do you need my name?
Bot: Sign with the name “why do you need my name?”? … each person signs only once … [Use “why do you need my name?”]
Sam: Sam
Bot: 👤 Sam
Sam: later
Bot: Save North Korean Refugees … [✍️ Continue signing]
Sam: [✍️ Continue signing]
Sam: cancel
Bot: Cancelled. Nothing was signed
Sam: /cancel
Bot: There's nothing to cancel.
"""


async def test_typed_label_is_its_button_and_typed_sign_signs_nothing(stage: Stage) -> None:
    sam = await stage.tell(TYPED)
    assert stage.ledger.signature(sam.id) is None


UNDONE = """
하나: /me
하나: [✏️ 이름]
봇: 새 이름 … [그대로 두기 (하나)]
봇: (not) [나중에]
하나: 김하나
봇: (below) ✅ 이름을 고쳤습니다: 하나 → 김하나 … [↩ 되돌리기]
하나: [↩ 되돌리기]
봇: (in place) 👤 하나
하나: [✏️ 이유]
봇: [‹ 뒤로]
하나: 친구를 위해
봇: ✅ 서명에 이유를 남겼습니다: 친구를 위해 … [↩ 되돌리기]
하나: [내 정보]
하나: [✏️ 나라]
하나: 중국
봇: ✅ 나라를 고쳤습니다: 🇰🇷 대한민국 → 🇨🇳 중국 … 🛡 … [↩ 되돌리기]
하나: [↩ 되돌리기]
봇: (in place) 👤 하나 … 🇰🇷 대한민국 … 💬 친구를 위해
"""


async def test_change_of_a_signature_is_told_and_undone(stage: Stage) -> None:
    hana = await stage.tell(SIGN["하나"] + UNDONE)
    signature = stage.ledger.signature(hana.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["reason"]) == ("하나", "KR", "친구를 위해")
    stage.ledger.assert_consistent(signatures=1)


async def test_undo_of_an_earlier_change_undoes_nothing(stage: Stage) -> None:
    hana = await stage.tell(SIGN["하나"] + "하나: /me\n하나: [✏️ 이름]\n하나: 김하나\n봇: [↩ 되돌리기]")
    undo, shown = hana.find("되돌리기")["callback_data"], hana.message["message_id"]
    await stage.tell("하나: /me\n하나: [✏️ 이름]\n하나: 하나 김\n봇: ✅")
    await hana.presses(undo, shown)
    signature = stage.ledger.signature(hana.id)
    assert signature is not None
    assert signature["name"] == "하나 김"
    await stage.tell("하나: /withdraw\n하나: [서명 철회하기]")
    assert "하나" not in str(stage.ledger.supporter(hana.id)["draft"]), "the old name is erased with the signature"


async def age(stage: Stage, time: timedelta) -> None:
    """Let all drafts and questions be this much older, and run the retention job."""
    database = await storage.open_database(f"sqlite:///{stage.file}")
    seconds = int(time.total_seconds())

    async def work(tx: storage.Transaction) -> None:
        for row in await tx.all("SELECT id, draft FROM supporters"):
            draft = orjson.loads(row["draft"])
            kept = {key: value - seconds if key.endswith("_at") else value for key, value in draft.items()}
            seen = timestamps.to_text(datetime.now(UTC) - time)
            sql = "UPDATE supporters SET draft = :draft, last_seen_at = :seen WHERE id = :id"
            await tx.run(sql, draft=orjson.dumps(kept).decode(), seen=seen, id=row["id"])

    await database.transact(work)
    await erase_expired(database, 180, datetime.now(UTC), is_open=True)
    await database.close()


async def test_question_about_a_change_ends_after_an_hour(stage: Stage) -> None:
    hana = await stage.tell(SIGN["하나"] + "하나: /me\n하나: [✏️ 이름]\n봇: 새 이름")
    await age(stage, timedelta(minutes=61))
    await stage.tell("하나: 수고 많으십니다\n봇: /share")
    signature = stage.ledger.signature(hana.id)
    assert signature is not None
    assert signature["name"] == "하나"


EXPIRED = {
    "하나": ("하루가 지나 입력하신 내용을 지웠습니다", "✍️ 서명하기"),
    "Sam": ("A day has passed, so your answers were deleted", "✍️ Sign the petition"),
}


@pytest.mark.parametrize("speaker", EXPIRED)
@pytest.mark.parametrize("way", ["/start", "check.country", "/sign"])
async def test_expired_answers_are_told_once(stage: Stage, speaker: str, way: str) -> None:
    told, sign = EXPIRED[speaker]
    actor = stage.actor(speaker)
    await actor.says("/start")
    await actor.taps(sign)
    await age(stage, timedelta(hours=25))
    assert told in await act(actor, way)
    if way != "/sign":
        assert sign in str(actor.message), "and the way to begin again"
    assert told not in await actor.says("/start")


async def test_typed_answers_leave_one_keyboard(stage: Stage) -> None:
    sam = await stage.tell(
        "Sam: /sign\nSam: [✏️ Name]\nSam: =1\nSam: 123\nSam: Samuel\nBot: 👤 Samuel\nSam: hello\nBot: Tap Sign"
    )
    with_buttons = [each for each in stage.world.said_in(sam.person) if each.get("reply_markup")]
    assert [each["message_id"] for each in with_buttons] == [sam.message["message_id"]]


WAYS = {
    "하나": (["/start", "✍️ 서명하기", "✍️ 서명하기", "🔔 소식 받기"], 8),
    "Sam": (["/start", "✍️ Sign the petition", "Canada", "✍️ Sign", "🔔 Get updates"], 10),
}


@pytest.mark.parametrize("speaker", WAYS)
async def test_way_from_start_to_subscribed_is_short(stage: Stage, speaker: str) -> None:
    """At most four taps, no letters and eight calls; with a language of many countries one tap and two calls more."""
    way, most = WAYS[speaker]
    actor = stage.actor(speaker)
    actor.person.language_code = (actor.person.language_code or "")[:2]
    began = stage.wire.calls.copy()
    for tap in way:
        await (actor.says(tap) if tap.startswith("/") else actor.taps(tap))
    assert stage.ledger.signature(actor.id) is not None
    assert stage.ledger.updates(actor.id) == actor.person.language_code
    calls = stage.wire.calls - began
    for setting_up in [each for each in calls if re.match("get|set|delete", each)]:
        del calls[setting_up]
    assert calls.total() <= most, calls
    assert len([each for each in stage.world.said_in(actor.person) if each["text"].startswith("💙")]) == 1


INTERRUPTED = """
하나: /sign
하나: [✍️ 서명하기]
하나: [🔔 소식 받기]
하나: /me
하나: [✏️ 이름]
봇: 새 이름
유나: /broadcast
유나: 친구가 풀려났습니다.
유나: [영어]
유나: [한국어로]
유나: [📣 보내기]
유나: [✅ 네]
봇: (later) 발송을 마쳤습니다
하나: (waits)
봇: (later) 친구가 풀려났습니다
하나: 정말 기쁩니다
봇: (below) 그사이 다른 화면이 열려서 답으로 받지 않았습니다 … 새 이름을 입력
하나: 김하나
봇: (below) ✅ 이름을 고쳤습니다: 하나 → 김하나
"""


async def test_text_below_a_broadcast_answers_no_question_above_it(empty_stage: Stage) -> None:
    empty_stage.settings["organizers"] = (YUNA,)
    yuna = empty_stage.world.add_person("유나", person_id=YUNA, language_code="ko")
    yuna.started = True
    empty_stage.known_as("유나", Actor(empty_stage.world, empty_stage.wire, yuna))
    await empty_stage.opens()
    await empty_stage.tell(INTERRUPTED)
