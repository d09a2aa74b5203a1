"""Buttons that only show or ask, on screens to which no case of another button leads, and the acts before each."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from chatbot.app.startup import register_appeal_version
from chatbot.petition.broadcasts.outcome import Gone, Unknown
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.text.appeal_version import SignedText, write_words
from chatbot.screens.load import load_petition
from chatbot.screens.screen import Press
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage.broadcasts import lifecycle
from tests.support import linked_places
from tests.support.cast import SAM
from tests.support.made_up_languages import copy_campaign
from tests.support.team_desk import Desk, find_button
from tests.support.written_broadcasts import ENGLISH


async def _begin(desk: Desk) -> int:
    await desk.yuna.says("/broadcast")
    return (await desk.driver.newest()).id


async def _change_appeal(desk: Desk) -> None:
    """Start the bot, and start it again with other appeals."""
    for more in ("", " More."):
        campaign = desk.chats.campaign
        words = {
            language: replace(
                each, signed=SignedText((*each.signed.paragraphs, more), write_words(language, "", "", more))
            )
            for language, each in campaign.words.items()
        }
        desk.driver.now += timedelta(days=1)
        registered = await register_appeal_version(desk.chats.database, replace(campaign, words=words), desk.driver.now)
        for each in desk.processes:
            each.campaign = registered
    desk.yuna = desk.open("유나", desk.chats)
    await desk.yuna.says("/appeal")


async def _changes(desk: Desk) -> str:
    await _change_appeal(desk)
    return next(each for each in desk.yuna.actions if each.startswith("appeal:changes"))


async def _versions(desk: Desk) -> str:
    changes = await _changes(desk)
    await desk.yuna.presses(changes)
    return find_button(desk.yuna, "appeal:list")


async def _countries(desk: Desk) -> str:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:who:{draft.id}")
    return find_button(desk.yuna, "broadcast:countries")


def _speak_five_languages(desk: Desk) -> None:
    with TemporaryDirectory() as folder:
        campaign, translators = load_petition([copy_campaign(Path(folder) / "locales"), BUNDLED_LOCALES])
    desk.driver.campaign = campaign
    for each in desk.processes:
        each.campaign, each.translators = replace(campaign, is_open=True), translators
    desk.yuna = desk.open("유나", desk.chats)


async def _languages(desk: Desk) -> str:
    _speak_five_languages(desk)
    await _begin(desk)
    return find_button(desk.yuna, "broadcast:languages")


async def _one_way(desk: Desk) -> str:
    _speak_five_languages(desk)
    await _begin(desk)
    await desk.yuna.says(ENGLISH)
    return find_button(desk.yuna, "broadcast:oneway")


async def _second_page(desk: Desk) -> str:
    for _number in range(7):
        sent = await desk.driver.start(ko="소식")
        await desk.driver.database.transact(lifecycle.end, sent, "done", desk.driver.now)
    await desk.yuna.says("/broadcasts")
    return find_button(desk.yuna, "broadcast:list")


async def _one_more_language(desk: Desk) -> str:
    _speak_five_languages(desk)
    sent = await desk.driver.start(ko="소식")
    await desk.driver.deliver_all()
    await desk.yuna.presses(f"broadcast:open:{sent}")
    return find_button(desk.yuna, "broadcast:more")


async def _refused_place(desk: Desk) -> str:
    place = await linked_places.link(desk.driver, -101, "길동네")
    sent = await linked_places.start(desk.driver, [place], ko="소식")
    await desk.driver.deliver()
    await linked_places.post(desk.driver, lambda _: Gone("rights"))
    await desk.driver.deliver()
    await desk.yuna.presses(f"broadcast:open:{sent}")
    return find_button(desk.yuna, "broadcast:placesrest")


async def _rehearsed(desk: Desk) -> str:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:ready:{draft.id}:+sign")
    await desk.yuna.presses(f"broadcast:show:{draft.id}")
    assert desk.yuna.answer is not None
    [above, *_] = desk.yuna.answer.first
    return next(button.action for row in above.rows for button in row if isinstance(button, Press))


async def _unknown(desk: Desk) -> str:
    sent = await desk.driver.start(ko="소식")
    await desk.driver.deliver_all(lambda _: Unknown("timeout"))
    await desk.yuna.presses(f"broadcast:open:{sent}")
    return find_button(desk.yuna, "broadcast:unknown")


def _fall_asleep(desk: Desk) -> None:
    for each in (*desk.processes, desk.driver):
        each.campaign = replace(each.campaign, quiet_hours=QuietHours(time(21), time(8)))
    desk.driver.now = desk.driver.now.replace(hour=15)  # midnight in Seoul
    desk.yuna = desk.open("유나", desk.chats)


async def _urgent(desk: Desk) -> str:
    _fall_asleep(desk)
    await desk.write()
    await desk.yuna.taps("📣 Send")
    return find_button(desk.yuna, "broadcast:urgent")


async def _sleepers(desk: Desk) -> str:
    _fall_asleep(desk)
    sent = await desk.send()
    await desk.driver.deliver()
    await desk.yuna.presses(f"broadcast:open:{sent.id}")
    return find_button(desk.yuna, "broadcast:sleepers")


async def _poster(desk: Desk) -> str:
    await desk.yuna.presses("link:new")
    await desk.yuna.says("flyer")
    return find_button(desk.yuna, "link:poster")


async def _earlier(desk: Desk) -> str:
    for number in range(9):
        await desk.yuna.presses(f"team:above:{number}:{number + 1}")
    await desk.yuna.says("/log")
    return find_button(desk.yuna, "log:older")


async def _later(desk: Desk) -> str:
    await desk.yuna.presses(await _earlier(desk))
    return find_button(desk.yuna, "log:newer")


async def _ask_role(desk: Desk) -> str:
    await desk.yuna.presses(f"team:member:{SAM}")
    return next(each for each in desk.yuna.actions if each.startswith("team:ask:"))


async def _erased(_desk: Desk) -> str:
    return "course:erased"  # below a notice


SHOWN: Final[dict[str, Callable[[Desk], Awaitable[str]]]] = {
    "appeal:changes": _changes,
    "appeal:list": _versions,
    "broadcast:countries": _countries,
    "broadcast:languages": _languages,
    "broadcast:list": _second_page,
    "broadcast:more": _one_more_language,
    "broadcast:oneway": _one_way,
    "broadcast:placesrest": _refused_place,
    "broadcast:preview": _rehearsed,
    "broadcast:sleepers": _sleepers,
    "broadcast:unknown": _unknown,
    "broadcast:urgent": _urgent,
    "course:erased": _erased,
    "link:poster": _poster,
    "log:newer": _later,
    "log:older": _earlier,
    "team:ask": _ask_role,
}
