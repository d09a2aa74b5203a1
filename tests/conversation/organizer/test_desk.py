"""/desk: one screen with what waits, and a button for everything that the role may do."""

import pytest

from chatbot.screens.organizer import menu
from tests.support.cast import SAM, YUNA
from tests.support.team_chats import TeamChats


async def test_desk_has_a_button_for_every_command_of_the_role(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/desk")
    offered = {data.removeprefix("desk:run:") for data in yuna.actions if data.startswith("desk:run:")}
    assert offered == menu.COMMANDS.keys() - {"desk", "close", "reopen", "victory"}, "those are under /petition"
    for command in sorted(offered):
        await yuna.says("/desk")
        shown = yuna.text
        await yuna.presses(f"desk:run:{command}")
        assert yuna.text != shown, command


async def test_desk_counts_what_waits(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/desk")
    assert "Nothing is waiting." in yuna.text
    await yuna.says("/broadcast")
    await yuna.says("/desk")
    assert "Your drafts: <b>1</b>" in yuna.text


@pytest.mark.parametrize(
    ("command", "yes", "told"),
    [("/close", "close it", "🔒 Closed since "), ("/victory", "close it as won", "🕊 Won on ")],
)
async def test_desk_says_how_it_ended_and_what_is_erased_when(
    chats: TeamChats, command: str, yes: str, told: str
) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/desk")
    assert "Names are erased" not in yuna.text
    await yuna.says(command)
    await yuna.says("Thank you.")
    await yuna.taps("No Korean version")
    await yuna.taps(f"Yes, {yes}")
    await yuna.says("/desk")
    assert f"\n{told}" in yuna.text
    assert "(Korean time)\n🗑 Names are erased: " in yuna.text


async def test_welcome_of_the_team_alone_leads_to_the_desk(chats: TeamChats) -> None:
    yuna, sam = chats.chat(YUNA, "유나"), chats.chat(SAM, "Sam")
    await yuna.says("/start")
    await yuna.taps("Your desk")
    assert "Your desk" in yuna.text
    await sam.says("/start")
    assert "desk:show" not in sam.actions
    await sam.presses("desk:show")
    assert "Your desk" not in sam.text


async def test_member_whose_words_mean_nothing_is_led_to_the_desk(chats: TeamChats) -> None:
    yuna, sam = chats.chat(YUNA, "유나"), chats.chat(SAM, "Sam")
    for chat in (yuna, sam):
        await chat.says("179962")
        assert ("/desk" in chat.text) == (chat is yuna)
        await chat.presses("nothing:known")
        assert ("desk:show" in chat.actions) == (chat is yuna)


async def test_help_of_the_team_is_short_and_has_every_command(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await yuna.says("/help")
    assert [name for name in menu.COMMANDS if f"/{name}" not in yuna.text] == []
    assert len(yuna.text.splitlines()) < 20
    await yuna.taps("Your desk")
    assert "What is waiting" in yuna.text or "Nothing is waiting" in yuna.text
