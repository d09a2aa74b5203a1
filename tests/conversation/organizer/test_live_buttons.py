"""Finds the buttons of the team that change something: each needs a case for two taps at once, and for kills."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

import pytest

from chatbot.conversation.organizer.broadcasts.actions import ACTS
from chatbot.conversation.steps import TEAM_BUTTONS
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.organizer.menu import COMMANDS
from chatbot.screens.screen import Press
from tests.screens.galleries.all_screens import ORDINARY, screens
from tests.support.all_buttons import CASES, SHOWING, WITH_CASE
from tests.support.live_buttons import LiveButtons, read_kind
from tests.support.shown_buttons import SHOWN
from tests.support.team_desk import Desk

_ENGINES: Final = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


def list_other_buttons(translators: Mapping[str, Translator], campaign: Campaign) -> list[str]:
    """List the data of every button of the team's screens, and of every act about broadcasts, without a case."""
    drawn = {
        button.action
        for _, screen in screens(translators, campaign, "en", ORDINARY["en"])
        for row in screen.rows
        for button in row
        if isinstance(button, Press) and callbacks.read(button.action).verb in TEAM_BUTTONS
    }
    drawn |= {callbacks.BROADCAST(what, 1) for what in ACTS}
    return sorted(each for each in drawn if read_kind(each) not in WITH_CASE)


def test_every_button_has_a_case_or_only_shows(translators: Mapping[str, Translator], campaign: Campaign) -> None:
    """Write a case for a new button that changes something; put one that only shows or asks into `SHOWING`."""
    others = {read_kind(each) for each in list_other_buttons(translators, campaign)}
    assert others - SHOWING == set(), "buttons of which nobody knows what two taps at once do"
    assert SHOWING - others == set(), "buttons that do not exist, or have a case"


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_buttons_that_only_show_change_nothing(desk: Desk, url: str) -> None:
    """In all states in which others are tapped, and on all screens behind the commands and buttons of the team."""
    live = LiveButtons(url, WITH_CASE)
    last = CASES["rouse"]  # it is night from then on
    for case in (*(each for each in CASES.values() if each is not last), last):
        with live.putting_back():
            await case.prepare(desk)
            await desk.chats.run_jobs()
            seen = Counter[str]()
            for chat in (desk.yuna, desk.sam):
                for command in ("", *reversed(COMMANDS)):  # the desk, which leads to all others, at last
                    if command:
                        await chat.says(f"/{command}")
                    await live.explore(chat, seen)
    assert live.changing == {}, "a button that changes something needs a case"
    assert SHOWING - set(live.tapped) <= set(SHOWN), "a button on no screen that the cases lead to"


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
async def test_buttons_without_a_case_add_nothing_to_the_log(
    desk: Desk, translators: Mapping[str, Translator], campaign: Campaign
) -> None:
    others = list_other_buttons(translators, campaign)
    await desk.chats.sign(0, [("CA", "flood")] * 3)
    sent, waiting, draft = await desk.send(), await desk.write_scheduled(), await desk.write()
    before, broadcasts = await desk.chats.list_entries(), len(await desk.driver.list_all())
    phones = [desk.open("유나", process) for process in desk.processes]
    for action in others:
        verb, what, *more = action.split(":")
        is_about_one = verb == callbacks.BROADCAST and what in ACTS
        for broadcast in [sent, waiting, draft] if is_about_one else [None]:
            tapped = ":".join([verb, what, str(broadcast.id), *more[1:]]) if broadcast else action
            await asyncio.gather(*(phone.presses(tapped) for phone in phones))
            for phone in phones:
                assert phone.answer is not None, tapped
                assert phone.answer.screen is not None or phone.notice, tapped
                assert "Sorry" not in phone.text, tapped
            assert await desk.chats.list_entries() == before, tapped
    assert len(await desk.driver.list_all()) == broadcasts
