"""Linked channels and groups: `/channels`, and the buttons of each. What cannot be undone at once is asked about."""

from collections.abc import Mapping
from typing import Final, get_args

from chatbot.conversation.audit import note
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.places import linking
from chatbot.conversation.organizer.places.showing import list_places, show_place
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.petition.broadcasts.place import Place
from chatbot.screens.callbacks import PLACES, split
from chatbot.screens.organizer.places import places as screens
from chatbot.screens.organizer.places.places import PlaceAct
from chatbot.storage.organizer import jobs
from chatbot.storage.people import confirmations
from chatbot.storage.places import pinned_cards, places


async def _show_all(turn: Turn, _argument: str) -> Reply:
    return await list_places(turn)


async def _link_another(turn: Turn, _argument: str) -> Reply:
    return await linking.ask_chat(turn)


async def _show(turn: Turn, code: str) -> Reply:
    place = await _find(turn, code)
    return await show_place(turn, place) if place else await _show_unlinked(turn, code)


async def _show_unlinked(turn: Turn, code: str) -> Reply:
    """Say that it is unlinked. A code that never was leads to the list."""
    place = await places.find(turn.tx, code)
    return Reply.staying(turn, screens.unlinked(turn._, place.title)) if place else await list_places(turn)


async def _ask(turn: Turn, argument: str) -> Reply:
    what, code = split(argument, 2)
    act = next((each for each in get_args(PlaceAct) if each == what), None)
    place = await _find(turn, code)
    if act is None or place is None or _is_done(act, place):
        return await _show(turn, code)
    confirmation = await confirmations.ask(turn.tx, turn.person.id, f"place:{act}:{code}", turn.now)
    return Reply.staying(turn, screens.ask(turn._, act, place, confirmation))


async def _pause(turn: Turn, argument: str) -> Reply:
    place = await _confirm(turn, "pause", argument)
    if place and await places.pause(turn.tx, place.code, turn.now):
        await note(turn, "place.paused", title=place.title)
    return await _show(turn, split(argument, 2)[0])


async def _resume(turn: Turn, code: str) -> Reply:
    if await places.resume(turn.tx, code) and (place := await _find(turn, code)):
        await note(turn, "place.resumed", title=place.title)
    return await _show(turn, code)


async def _unlink(turn: Turn, argument: str) -> Reply:
    place = await _confirm(turn, "unlink", argument)
    if place and await places.unlink(turn.tx, place.code, turn.now):
        await _unpin_message(turn, place)
        await note(turn, "place.unlinked", title=place.title)
    return await _show(turn, split(argument, 2)[0])


async def _pin(turn: Turn, argument: str) -> Reply:
    place = await _confirm(turn, "pin", argument)
    if place and await pinned_cards.ask(turn.tx, place.code):
        details = {"code": place.code, "link": f"{turn.bot_link}?start={place.code}"}
        await jobs.add(turn.tx, pinned_cards.PIN, details, turn.now, chat_id=turn.person.id)
        await note(turn, "place.pinned", title=place.title)
    return await _show(turn, split(argument, 2)[0])


async def _unpin(turn: Turn, code: str) -> Reply:
    place = await _find(turn, code)
    if place and await pinned_cards.remove(turn.tx, code, place.card_message_id):
        await _unpin_message(turn, place)
        await note(turn, "place.unpinned", title=place.title)
    return await _show(turn, code)


async def _unpin_message(turn: Turn, place: Place) -> None:
    if place.has_card:
        details = {"chat": place.chat_id, "message": place.card_message_id}
        await jobs.add(turn.tx, pinned_cards.UNPIN, details, turn.now, chat_id=turn.person.id)


async def _ask_language(turn: Turn, code: str) -> Reply:
    place = await _find(turn, code)
    return Reply.staying(turn, screens.choose_language(turn._, place)) if place else await _show(turn, code)


async def _choose_language(turn: Turn, argument: str) -> Reply:
    code, text = split(argument, 2)
    language = turn.read_language(text)
    if language and await places.choose_language(turn.tx, code, language) and (place := await _find(turn, code)):
        await note(turn, "place.language", title=place.title, language=language)
    return await _show(turn, code)


async def _find(turn: Turn, code: str) -> Place | None:
    place = await places.find(turn.tx, code)
    return place if place and place.is_linked else None


async def _confirm(turn: Turn, act: PlaceAct, argument: str) -> Place | None:
    """Return the place if the confirmation is theirs, and there is still something to do."""
    code, confirmation = split(argument, 2)
    place = await _find(turn, code)
    if place is None or _is_done(act, place):
        return None
    about = f"place:{act}:{code}"
    return place if await confirmations.take(turn.tx, confirmation, turn.person.id, about, turn.now) else None


def _is_done(act: PlaceAct, place: Place) -> bool:
    return {"pause": place.is_paused, "pin": place.card_message_id is not None, "unlink": not place.is_linked}[act]


_ACTS: Final[Mapping[str, Handler]] = {
    "list": _show_all,
    "new": _link_another,
    "show": _show,
    "ask": _ask,
    "pause": _pause,
    "resume": _resume,
    "unlink": _unlink,
    "pin": _pin,
    "unpin": _unpin,
    "languages": _ask_language,
    "speak": _choose_language,
}


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>[:<code>[:<more>]]`. The second of two organizers sees how it is by then."""
    what, more = split(argument, 2)
    return await _ACTS.get(what, _show_all)(turn, more)


FEATURE: Final = Feature(PLACES, press, {"channels": _show_all}, linking.STEPS)
