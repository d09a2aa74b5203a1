"""Shows the linked channels and groups: all of them, or one with what can be done there."""

from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.place import Place
from chatbot.screens.organizer.places import places as screens
from chatbot.storage.people import counters, history
from chatbot.storage.places import places


async def list_places(turn: Turn) -> Reply:
    """List what is linked."""
    return Reply.staying(turn, screens.list_places(turn._, await places.list_linked(turn.tx), places.MOST))


async def show_place(turn: Turn, place: Place) -> Reply:
    """Show one place, as it is stored now."""
    counted = await history.read_rounded_growth(turn.tx, counters.SOURCES, None)
    link = f"{turn.bot_link}?start={place.code}"
    return Reply.staying(turn, screens.show_place(turn._, place, link, counted.get(place.code, 0)))
