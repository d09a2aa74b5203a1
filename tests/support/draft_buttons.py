"""Buttons that change a draft, and the acts before each of them. Its organizer taps on two phones."""

from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from tests.support.team_desk import ALONE, Actions, Case, Desk
from tests.support.written_broadcasts import ENGLISH, KOREAN


def _draft(what: str, more: str = "") -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> Actions:
        return f"broadcast:{what}:{(await desk.write()).id}{more}"

    return prepare


def _asked(what: str, more: str) -> Callable[[Desk], Awaitable[Actions]]:
    """Ask for approval, which falls with the change: the one who asked is told once, and so is everybody else."""

    async def prepare(desk: Desk) -> Actions:
        asked = await desk.ask()
        await desk.chats.run_jobs()
        return f"broadcast:{what}:{asked.id}{more}"

    return prepare


async def _begin(desk: Desk) -> int:
    await desk.yuna.says("/broadcast")
    return (await desk.driver.newest()).id


async def _skip(desk: Desk) -> Actions:
    return f"broadcast:skip:{await _begin(desk)}:en"


async def _one_language(desk: Desk) -> int:
    number = await _begin(desk)
    await desk.yuna.says(ENGLISH)
    await desk.yuna.presses(f"broadcast:skip:{number}:ko")
    return number


async def _reach(desk: Desk) -> Actions:
    return f"broadcast:reach:{await _one_language(desk)}:everyone"


async def _typed(desk: Desk) -> Actions:
    number = await _begin(desk)
    await desk.yuna.says("/stats")
    await desk.yuna.says(ENGLISH)
    return f"broadcast:typed:{number}:en"


async def _linked(desk: Desk) -> Actions:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:button:{draft.id}")
    await desk.yuna.says("Read more https://example.org")
    await desk.yuna.says("더 읽기")
    return f"broadcast:unbutton:{draft.id}"


def _with_picture(what: str, more: str = "") -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> Actions:
        number = await _begin(desk)
        await desk.yuna.sends("photo", "file-1", ENGLISH)
        await desk.yuna.says(KOREAN)
        return f"broadcast:{what}:{number}{more}"

    return prepare


async def _add(desk: Desk) -> Actions:
    number = await _begin(desk)
    await desk.yuna.presses(f"broadcast:skip:{number}:en")
    await desk.yuna.says(KOREAN)
    await desk.yuna.presses(f"broadcast:reach:{number}:readers")
    await desk.yuna.taps("📣 Send")
    await desk.yuna.taps("Yes, send it")
    await desk.driver.deliver_all()
    return f"broadcast:add:{number}:en"


def _is(fits: Callable[[Broadcast], bool]) -> Callable[[Desk], Awaitable[bool]]:
    async def check(desk: Desk) -> bool:
        return fits(await desk.driver.newest())

    return check


async def _expects_korean(desk: Desk) -> bool:
    """Whether English is taken, and the next text is taken as the Korean one."""
    await desk.yuna.says(KOREAN)
    draft = await desk.driver.newest()
    return {each: str(post.text) for each, post in draft.posts.items()} == {"en": ENGLISH, "ko": KOREAN}


def _has_media(draft: Broadcast) -> set[str]:
    return {language for language, post in draft.posts.items() if post.media}


_SILENT: Final = _is(lambda draft: draft.silent)
_KOREAN: Final = _is(lambda draft: draft.audience.language == "ko")
_EVERYONE: Final = _is(lambda draft: draft.reach == "everyone")
CASES: Final = {
    "sound": Case("broadcast:sound", _draft("sound", ":silent"), pair=ALONE, leaves=_SILENT),
    "sound while asked": Case("broadcast:sound", _asked("sound", ":silent"), pair=ALONE, leaves=_SILENT),
    "readers": Case("broadcast:to", _draft("to", ":ko"), pair=ALONE, leaves=_KOREAN),
    "readers while asked": Case("broadcast:to", _asked("to", ":ko"), pair=ALONE, leaves=_KOREAN),
    "country": Case(
        "broadcast:country",
        _draft("country", ":+AT"),
        pair=ALONE,
        leaves=_is(lambda draft: draft.audience.countries == ("AT",)),
    ),
    "reach": Case("broadcast:reach", _reach, pair=ALONE, leaves=_EVERYONE),
    "without a language": Case("broadcast:skip", _skip, pair=ALONE, leaves=_is(lambda draft: not draft.posts)),
    "typed after a command": Case("broadcast:typed", _typed, pair=ALONE, leaves=_expects_korean),
    "ready-made button": Case(
        "broadcast:ready",
        _draft("ready", ":+sign"),
        pair=ALONE,
        leaves=_is(lambda draft: draft.ready_buttons == ("sign",)),
    ),
    "no link": Case(
        "broadcast:unbutton",
        _linked,
        pair=ALONE,
        leaves=_is(lambda draft: not any(post.button for post in draft.posts.values())),
    ),
    "no picture": Case(
        "broadcast:unmedia",
        _with_picture("unmedia", ":en"),
        pair=ALONE,
        leaves=_is(lambda draft: not _has_media(draft)),
    ),
    "picture for all": Case(
        "broadcast:picture",
        _with_picture("picture", ":en"),
        pair=ALONE,
        leaves=_is(lambda draft: _has_media(draft) == {"en", "ko"}),
    ),
    "picture in one": Case(
        "broadcast:alone", _with_picture("alone"), pair=ALONE, leaves=_is(lambda draft: draft.picture_alone)
    ),
    "add a language": Case("broadcast:add", _add, pair=ALONE, drafts=1),
}
