"""Posting a broadcast to channels and groups: choosing them in its preview, and another try where it failed."""

from dataclasses import replace

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts.preview import review, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.place import may_go_to_places
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts import ending, progress
from chatbot.screens.organizer.places import choosing
from chatbot.screens.organizer.places import posting as screens
from chatbot.storage.broadcasts import broadcasts, drafts, lifecycle
from chatbot.storage.places import places


async def show_choice(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show the linked places to choose from."""
    linked = await places.list_linked(turn.tx)
    if not broadcast.posts or not may_go_to_places(broadcast) or not (linked or broadcast.place_codes):
        return await review(turn, broadcast, with_posts=False)
    return Reply.writing(turn, choosing.choose(turn._, broadcast, linked), "review", broadcast.id)


async def choose(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Choose the place of the button (`+code`), or choose it no longer (`-code`)."""
    sign, code = more[:1], more[1:]
    place = await places.find(turn.tx, code) if sign in ("+", "-") else None
    if place and may_go_to_places(broadcast) and (place.is_linked or sign == "-"):
        await drafts.choose_place(turn.tx, broadcast.id, code, chosen=sign == "+")
    return await show_choice(turn, await broadcasts.get(turn.tx, broadcast.id), "")


async def ask_again(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask before it is posted once more where it failed, or where nobody knows."""
    failed, unknown = _list(broadcast, "failed"), _list(broadcast, "unknown")
    if not ending.may_try_places(broadcast):
        return await show(turn, broadcast, progress.too_late(turn._))
    return replace(Reply.staying(turn, screens.ask_again(turn._, broadcast, failed, unknown)), below=True)


async def try_again(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Post it once more. A button works once, after one ending."""
    whose = "failed" if more.startswith("failed:") else "unknown"
    codes = [each.code for each in _list(broadcast, whose)]
    is_this = ending.again_action(broadcast, whose, "repost") == callbacks.BROADCAST("repost", broadcast.id, more)
    if not is_this or not await lifecycle.send_to_places_again(turn.tx, broadcast.id, codes, turn.person.id, turn.now):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), progress.too_late(turn._))
    await note_broadcast(turn, "broadcast.again_places", broadcast, places=len(codes))
    return replace(Reply.staying(turn, screens.goes_again(turn._)), below=True)


def _list(broadcast: Broadcast, whose: str) -> list[PlaceDelivery]:
    if whose == "unknown":
        return [each for each in broadcast.places if each.state == "unknown"]
    return [each for each in broadcast.places if each.may_be_retried]
