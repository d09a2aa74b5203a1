"""Editing messages: an edited answer counts, any other edit has no effect, and people are told which."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.petition.signing.human_check import Mode
from chatbot.storage import Database
from chatbot.storage.organizer import human_check, petition_status
from chatbot.storage.people import signatures, supporters
from tests.conversation.conftest import LINK
from tests.support.chat import Chat
from tests.support.stored_rows import read_step

TAKEN = "Changed to match your edit"
WHICH = "can't tell which answer"


async def draft(database: Database, chat: Chat) -> dict[str, object]:
    """Return the stored step and draft; an empty dict for an unknown person."""
    if await database.transact(supporters.find_language, chat.person.id) is None:
        return {}
    return dict(zip(("step", "draft"), await read_step(database, chat.person.id), strict=True))


async def test_edit_corrects_the_latest_answer(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Jhon")
    await sam.edits("John")
    assert TAKEN in sam.text
    assert "Which country" in sam.text
    await sam.says("Canada")
    assert "👤 John" in sam.text
    await sam.taps("✍️")
    signature = await database.transact(signatures.find, sam.person.id)
    assert signature is not None
    assert signature.name == "John"


async def test_edit_at_the_check_corrects_each_line_and_outdates_the_sign_button(sam: Chat, database: Database) -> None:
    written = []
    await sam.begins()
    for text in ("Jhon", "France", "becaus"):
        if text == "becaus":
            await sam.taps("✏️ Reason")
        await sam.says(text)
        written.append(sam.written)
    [old] = [action for action in sam.actions if action.startswith("check.sign")]
    for message_id, text, line in zip(
        written, ("John", "Kanada", "because"), ("👤 John", "🇨🇦 Canada", "💬 because"), strict=True
    ):
        await sam.edits(text, message_id)
        assert line in sam.text
        assert "Ready to sign?" in sam.text
    await sam.presses(old)
    assert await database.transact(signatures.find, sam.person.id) is None
    assert "👤 John" in sam.text


async def test_edit_of_an_earlier_answer_keeps_the_open_question(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Jhon")
    name = sam.written
    await sam.says("Canada")
    await sam.taps("✏️ Reason")
    await sam.edits("John", name)
    assert TAKEN in sam.text
    assert "Why are you signing?" in sam.text
    await sam.taps("Back")
    await sam.taps("✏️ Country")
    await sam.edits("Johnny", name)
    assert "Which country" in sam.text
    await sam.taps("Keep")
    assert "👤 Johnny" in sam.text


async def test_edit_corrects_refused_and_unclear_answers(sam: Chat) -> None:
    await sam.begins()
    await sam.says("12345")
    assert "at least one letter" in sam.text
    await sam.edits("John")
    assert "Which country" in sam.text
    await sam.says("qqqqqq")
    await sam.edits("North Korea")
    assert "North or South Korea" in sam.text
    await sam.edits("South Korea")
    assert "Ready to sign?" in sam.text
    await sam.taps("Reason")
    await sam.says("x" * 501)
    await sam.edits("because")
    assert "🇰🇷 South Korea" in sam.text
    assert "💬 because" in sam.text


async def test_refused_edit_asks_for_its_line_again(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.edits("=Sam")
    assert "can't begin with" in sam.text
    assert '"Sam"' in str((await draft(database, sam))["draft"])
    await sam.says("Sam S")
    assert "Which country" in sam.text


@pytest.mark.parametrize("since", ["typed", "tapped", "kept"])
async def test_edit_of_an_outdated_answer_changes_nothing(sam: Chat, database: Database, since: str) -> None:
    await sam.begins()
    await sam.says("Jhon")
    first = sam.written
    await sam.says("Canada")
    await sam.taps("✏️ Name")
    if since == "typed":
        await sam.says("Sam")
    elif since == "tapped":
        await sam.taps("Use “Sam Smith”")
    else:
        await sam.taps("Keep")
    before = await draft(database, sam)
    await sam.edits("Mallory", first)
    assert WHICH in sam.text
    assert "Ready to sign?" in sam.text
    assert "Mallory" not in sam.text
    assert await draft(database, sam) == before


async def test_edit_of_any_other_message_changes_nothing(sam: Chat, database: Database) -> None:
    await sam.says("hello")
    chatter = sam.written
    await sam.says("/sign")
    command = sam.written
    await sam.says("Sam")
    before = await draft(database, sam)
    for message_id in (chatter, command, sam.written + 1_000, 1):
        await sam.edits("Mallory", message_id)
        assert WHICH in sam.text
        assert await draft(database, sam) == before


async def test_edit_changes_no_answer_of_another_person(
    sam: Chat, mallory: Callable[[int], Chat], database: Database
) -> None:
    await sam.begins()
    await sam.says("Sam")
    other = mallory(0)
    await other.says("/sign")
    await other.edits("Mallory", sam.written)
    assert '"Sam"' in str((await draft(database, sam))["draft"])


async def test_repeated_edit_changes_nothing_the_second_time(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Jhon")
    await sam.edits("John")
    before = await draft(database, sam)
    answer = await sam.again()
    assert answer is not None
    assert "Which country" in sam.text
    assert await draft(database, sam) == before
    edit = sam.heard
    await sam.says("Canada")
    now = await draft(database, sam)
    sam.heard = edit
    assert await sam.again() is None
    assert await draft(database, sam) == now


async def test_edit_without_a_change_gets_no_screen(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    answer = await sam.edits(" Sam ")
    assert answer is not None
    assert answer.screen is None


async def test_edit_after_signing_points_to_changing_the_signature(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Jhon")
    name = sam.written
    await sam.says("Canada")
    await sam.taps("✍️ Sign")
    await sam.edits("John", name)
    assert "doesn't change your signature" in sam.text
    signature = await database.transact(signatures.find, sam.person.id)
    assert signature is not None
    assert signature.name == "Jhon"
    await sam.taps("Change my signature")
    await sam.taps("✏️ Name")
    await sam.edits("John", name)
    assert "send it again" in sam.text
    await sam.says("John")
    assert "Jhon → John" in sam.text


async def test_edit_without_an_open_question_gets_no_screen(sam: Chat, closed: Dialog) -> None:
    await sam.says("hello")
    assert (answer := await sam.edits("hello!")) is not None
    assert answer.screen is None
    await sam.begins()
    await sam.says("Sam")
    sam.dialog = closed
    assert (answer := await sam.edits("Sam S")) is not None
    assert answer.screen is None


async def test_edit_after_erasure_stores_nothing(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("/forget")
    await sam.taps("Erase everything")
    assert await draft(database, sam) == {}
    assert await sam.edits("Sam S") is None
    assert await draft(database, sam) == {}


async def test_edit_during_the_human_check_leads_back_to_the_check(sam: Chat, database: Database) -> None:
    mode: Mode = "on"
    revision = (await database.transact(petition_status.find)).human.revision
    await database.transact(human_check.switch, revision, mode, 100, 1)
    await sam.begins()
    await sam.says("Jhon")
    name = sam.written
    await sam.says("Canada")
    await sam.taps("✍️ Sign")
    assert not [action for action in sam.actions if action.startswith("check.sign")]
    await sam.edits("John", name)
    assert "Ready to sign?" in sam.text
    assert "👤 John" in sam.text


async def test_edit_corrects_sealed_answers(
    sam: Chat, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    seal = Seal.read(make_pair()[0])
    sam.dialog = Dialog(database, replace(campaign, is_open=True), translators, LINK, seal=seal)
    await sam.begins()
    await sam.says("Jhon")
    assert (answer := await sam.edits("Jhon")) is not None
    assert answer.screen is None
    await sam.edits("John")
    assert TAKEN in sam.text
    await sam.says("Canada")
    assert "👤 John" in sam.text
    assert "John" not in str(await draft(database, sam))


async def test_organizer_is_told_that_edits_of_other_messages_have_no_effect(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    await yuna.says("Our friend is free.")
    await yuna.edits("Our friend is free now.", yuna.written - 1)
    assert "I can't follow edits here" in yuna.text
    await yuna.says("친구가 풀려났습니다.")
    assert "친구가 풀려났습니다." in yuna.first[0]


async def test_edit_corrects_an_answer_in_korean(hana: Chat) -> None:
    await hana.begins()
    await hana.says("김하라")
    name = hana.written
    await hana.edits("김하나")
    assert "고쳐 쓰신 대로 바꾸었습니다." in hana.text
    assert "지금 어느 나라에 사시나요?" in hana.text
    await hana.says("한국")
    assert "👤 김하나" in hana.text
    await hana.taps("✍️")
    await hana.edits("김하니", name)
    assert "서명 내용은 바뀌지 않습니다" in hana.text


async def test_cancelling_erases_the_message_ids_of_the_draft(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    assert f'"name_message":{sam.written}' in str((await draft(database, sam))["draft"])
    await sam.says("/cancel")
    assert (await draft(database, sam))["draft"] == "{}"


@pytest.mark.parametrize("words", ["cancel", "취소", "‹ Back", "나중에", "Sign", "서명하기"])
async def test_edit_to_a_command_or_label_is_no_reason(sam: Chat, database: Database, words: str) -> None:
    await sam.says("/sign")
    await sam.taps("✏️ Reason")
    await sam.says("They are my friends.")
    before = await draft(database, sam)
    await sam.edits(words)
    assert "💬 They are my friends." in sam.text
    assert await draft(database, sam) == before
    await sam.taps("✍️ Sign")
    await sam.presses("me:reason")
    await sam.says("<b>")
    await sam.edits(words)
    signature = await database.transact(signatures.find, sam.person.id)
    assert signature is not None
    assert signature.reason == "They are my friends."
