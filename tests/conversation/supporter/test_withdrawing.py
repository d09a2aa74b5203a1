"""Withdrawing a signature: counts go down, its row is deleted, and signing again is possible."""

import asyncio

from chatbot.conversation.dialog import Dialog
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import counters, signatures, subscriptions
from tests.support.cast import HANA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def total(database: Database) -> int:
    return await database.transact(signatures.count)


async def test_supporter_withdraws_and_signs_again_with_a_new_number(hana: Chat, database: Database) -> None:
    await hana.signs()
    first = await database.transact(signatures.find, HANA)
    await hana.presses("join:ko")
    await hana.says("/withdraw")
    assert "서명을 철회할까요" in hana.text
    assert await total(database) == 1, "nothing is done before the confirmation"
    await hana.taps("서명 철회하기")
    assert "철회했습니다" in hana.text
    assert await total(database) == 0
    assert await database.transact(signatures.find, HANA) is None
    kept = await database.transact(subscriptions.find, HANA)
    assert kept is not None
    assert kept.country is None, "the subscription stays, without the country of the signature"
    await hana.taps("✍️")
    await hana.signs()
    again = await database.transact(signatures.find, HANA)
    assert first is not None
    assert again is not None
    assert again.number == first.number + 1
    assert await total(database) == 1
    assert await find_problems(database) == []


async def test_second_tap_withdraws_no_other_signature(hana: Chat, sam: Chat, database: Database) -> None:
    await hana.signs()
    await sam.signs()
    await sam.says("/withdraw")
    yes = sam.actions[0]
    await asyncio.gather(sam.presses(yes), sam.presses(yes))
    await sam.again()
    assert "withdrawn" in sam.text
    assert await total(database) == 1
    await sam.signs()
    await sam.presses(yes)
    assert "Withdraw your signature?" in sam.text, "the button belongs to the earlier signature"
    assert await total(database) == 2
    assert await find_problems(database) == []


async def test_button_of_another_person_withdraws_nothing(sam: Chat, hana: Chat, database: Database) -> None:
    await hana.signs()
    await sam.signs()
    await sam.says("/withdraw")
    await hana.presses(sam.actions[0])
    assert await total(database) == 2


async def test_withdrawing_works_after_closing(hana: Chat, closed: Dialog, database: Database) -> None:
    await hana.signs()
    hana.dialog = closed
    await hana.says("/withdraw")
    assert "다시 서명할 수 없습니다" in hana.text
    await hana.taps("서명 철회하기")
    assert await total(database) == 0
    assert "✍️" not in "".join(hana.labels)


async def test_withdrawing_without_a_signature_keeps_the_draft(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.presses("name.profile")
    await sam.says("/withdraw")
    assert "haven't signed yet" in sam.text
    await sam.taps("Continue signing")
    assert "Which country" in sam.text
    assert await database.transact(counters.read_all, counters.LANGUAGES) == {}


async def test_notice_of_another_version_leads_to_withdrawing(chats: TeamChats) -> None:
    sam = chats.chat(1002, "Sam")
    await sam.signs()
    await sam.presses("renew:leave")
    assert "Withdraw your signature?" in sam.text
    assert sam.answer is not None
    assert sam.answer.edit is None, "the notice stays"
    await sam.taps("Withdraw my signature")
    assert "withdrawn" in sam.text
