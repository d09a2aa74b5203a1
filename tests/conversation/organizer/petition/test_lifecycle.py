"""Owners change the petition status, and everybody sees it with their next turn."""

import pytest

from chatbot.petition.team import Role
from chatbot.storage.organizer import petition_status
from tests.support.cast import HANA, SAM
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def closes(chat: Chat, korean: str = "고맙습니다.", english: str = "Thank you, <all>.") -> None:
    await chat.says("/close")
    await chat.says(english)
    await chat.says(korean)
    await chat.taps("Yes, close it")


async def test_everybody_reads_the_statement_of_a_closed_petition(chats: TeamChats, yuna: Chat) -> None:
    hana, sam = chats.chat(HANA, "김하나", "ko"), chats.chat(SAM, "Sam")
    await yuna.says("/close")
    assert "the text in English" in yuna.text, "the owner's own language"
    await yuna.says("Thank you, <all>.")
    await yuna.says("고맙습니다.")
    assert len(yuna.first) == 2, "as supporters will see it, in both languages"
    assert "고맙습니다." in yuna.first[0]
    assert "Thank you, &lt;all&gt;." in yuna.first[1]
    await sam.says("/sign")
    assert "country" in sam.text, "nothing is closed before the yes"
    await yuna.taps("Yes, close it")
    assert "The petition is closed" in yuna.text
    await hana.says("/start")
    assert "고맙습니다." in hana.text
    assert "서명을 마감" in hana.text
    await hana.says("/sign")
    assert "고맙습니다." in hana.text
    assert await chats.list_entries() == ["course.closed"]
    await yuna.says("/log")
    assert "고맙습니다. / Thank you" in yuna.text, "in the order of the campaign"


@pytest.mark.parametrize(("command", "what"), [("/close", "Closing the petition</b>"), ("/victory", "as won</b>")])
async def test_end_says_what_it_does_before_it_asks_for_a_text(yuna: Chat, command: str, what: str) -> None:
    """The two begin differently, and both say that nobody can sign any more."""
    await yuna.says(command)
    does, asks = yuna.text.index("Nobody can sign any more"), yuna.text.index("Send the text")
    assert yuna.text.index(what) < does < asks
    await yuna.says("/petition")
    assert "🔒 Close" in yuna.labels
    assert "🕊 Close as won" in yuna.labels


async def test_milestone_of_the_files_is_called_the_original_goal(yuna: Chat) -> None:
    for _ in range(2):
        await yuna.says("/petition")
        await yuna.presses("course:begin:milestone")
        if "Back to the original goal" not in yuna.labels:
            await yuna.says("400,000")
            await yuna.taps("Yes")
    await yuna.taps("Back to the original goal")
    await yuna.taps("Yes")
    assert "400,000" not in yuna.text


async def test_supporter_continues_signing_when_the_petition_is_reopened(chats: TeamChats, yuna: Chat) -> None:
    sam = chats.chat(SAM, "Sam")
    await sam.says("/sign")
    await sam.presses("name.profile")
    await sam.presses("country.CA")
    sign = next(action for action in sam.actions if action.startswith("check.sign"))
    await closes(yuna)
    await sam.presses(sign)
    assert "Your answers are kept" in sam.text
    await sam.says("hello?")
    assert "Your answers are kept" in sam.text
    await sam.sends("sticker")
    assert "Your answers are kept" in sam.text
    await sam.presses("check.name")
    assert "Signing has closed" in sam.text
    await yuna.says("/reopen")
    await yuna.taps("Yes, reopen it")
    await sam.says("/sign")
    assert "Canada" in sam.text
    await sam.presses(sign)
    assert "Thank you, Sam" in sam.receipt


async def test_victory_is_shown_everywhere(chats: TeamChats, yuna: Chat) -> None:
    sam = chats.chat(SAM, "Sam")
    await yuna.says("/victory")
    await yuna.says("They are safe.")
    assert yuna.text.startswith("✅ Got it. <b>Now in Korean?"), "what closing does was said before"
    await yuna.taps("No Korean version")
    await yuna.taps("Yes, close it as won")
    for said in ("/start", "/sign"):
        await sam.says(said)
        assert "reached its goal" in sam.text
        assert "They are safe." in sam.text
    await sam.says("/share")
    assert "good news" in sam.text
    hana = chats.chat(HANA, "김하나", "ko")
    await hana.says("/start")
    assert "They are safe." in hana.text, "better in the other language than not at all"


async def test_confirm_button_of_a_status_works_once_for_one_owner(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer("owner")
    await yuna.says("/close")
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    [yes] = [action for action in yuna.actions if action.startswith("course:do")]
    await hana.presses(yes)
    assert "Open for signing" in hana.text
    await yuna.presses(yes)
    assert "Closed since" in yuna.text
    await yuna.says("/reopen")
    await yuna.taps("Yes, reopen it")
    await yuna.presses(yes)
    assert "was already used" in yuna.text
    assert "Open for signing" in yuna.text


async def test_second_owner_is_told_who_changed_the_status_first(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer("owner")
    for chat in (yuna, hana):
        await chat.says("/close" if chat is yuna else "/victory")
        await chat.taps("No English version")
        await chat.taps("No Korean version")
    await yuna.taps("Yes")
    await hana.taps("Yes")
    assert "유나 was first" in hana.text
    assert "the petition was closed" in hana.text
    assert "Closed since" in hana.text
    told = await chats.run_jobs()
    assert [text for text in told[HANA] if "유나 has decided" in text]
    assert yuna.person.id not in told


async def test_owner_sets_a_milestone_and_pins_an_answer(chats: TeamChats, yuna: Chat) -> None:
    sam = chats.chat(SAM, "Sam")
    await yuna.says("/petition")
    await yuna.taps("Next milestone")
    await yuna.says("5")
    assert "178,921 supporters already" in yuna.text
    await yuna.says("many")
    assert "could not read a number of people in “many”" in yuna.text
    await yuna.says("180,000")
    assert "180,000 is the next milestone already" in yuna.text
    await yuna.says("179,500")
    await yuna.taps("Yes, change it")
    await yuna.taps("Answer")
    await yuna.says("I have heard you.")
    await yuna.says("들었습니다.")
    await yuna.taps("Yes, change it")
    await sam.says("/start")
    assert "179,500" in sam.text
    assert "I have heard you." in sam.text
    await yuna.taps("Answer")
    await yuna.taps("Take it down")
    await yuna.taps("Yes, change it")
    await sam.says("/start")
    assert "I have heard you." not in sam.text
    assert await chats.list_entries() == ["course.milestone", "course.answer", "course.answer"]


async def test_unfit_statement_is_asked_again_and_leaving_changes_nothing(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/close")
    await yuna.says("가" * 1001)
    assert "1,001" in yuna.text
    await yuna.sends("photo", "file")
    assert "only take text" in yuna.text
    await yuna.says("/cancel")
    assert "Open for signing" in yuna.text
    await yuna.says("고맙습니다.")
    assert "Open for signing" not in yuna.text, "what is typed now is for nobody"
    assert (await chats.database.transact(petition_status.find)).revision == 0


@pytest.mark.parametrize("role", ["viewer", "organizer", None])
async def test_only_owners_change_the_status(chats: TeamChats, role: Role | None) -> None:
    sam = chats.chat(SAM, "Sam")
    if role:
        await chats.add_member(sam, role)
    await sam.says("/nonsense")
    lost = sam.text
    for command in ("close", "reopen", "victory"):
        await sam.says(f"/{command}")
        assert ("owners" in sam.text) is (role is not None)
        assert role or sam.text == lost
    await sam.presses("course:begin:closed")
    await sam.says("/petition")
    assert ("Manage the petition" in sam.text and sam.text != lost) is (role == "organizer")
    assert not [action for action in sam.actions if action.startswith("course:begin")]
    assert (await chats.database.transact(petition_status.find)).revision == 0


@pytest.mark.parametrize("typed", ["20만", "20만 명", "200k", "200,000", "two hundred thousand"])
async def test_milestone_is_read_as_people_write_numbers(yuna: Chat, typed: str) -> None:
    await yuna.says("/petition")
    await yuna.taps("Next milestone")
    await yuna.says(typed)
    assert "to 200,000" in yuna.text


async def test_petition_that_has_ended_has_no_next_milestone(yuna: Chat) -> None:
    await yuna.says("/petition")
    assert "Next milestone: 180,000" in yuna.text
    await yuna.says("/close")
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    await yuna.taps("Yes, close it")
    assert "Next milestone" not in yuna.text
    assert "Next milestone" not in str(yuna.labels)
    await yuna.presses("course:begin:milestone")
    assert "there is no next milestone" in yuna.text
    await yuna.says("/reopen")
    await yuna.taps("Yes, reopen it")
    assert "Next milestone: 180,000" in yuna.text
