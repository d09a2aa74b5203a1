"""Groups and channels on the page: making them, speaking there, and changing what the bot may do there."""

from collections.abc import Callable, Mapping
from typing import Any

from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering
from chatbot.emulator.world.places import gatherings
from chatbot.emulator.world.places.discussions import open_discussion
from chatbot.emulator.world.places.speaking import list_speakers, says, speaks_as
from chatbot.emulator.world.world import World


class PlaceActs:
    """The actions in groups and channels, by name. The person who made the place does them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_name: Mapping[str, Callable[[Gathering, Json], Any]] = {
            "say": self._write,
            "press": self._press,
            "take_rights": lambda place, _: gatherings.take_rights(world, place),
            "give_rights": lambda place, _: gatherings.give_rights(world, place),
            "expel": lambda place, _: gatherings.expel_bot(world, place),
            "upgrade": self._upgrade,
            "speak_as": self._speak_as,
            "discuss": self._discuss,
            "rename": lambda place, said: gatherings.rename(world, place, str(said["title"])),
        }

    def list_places(self) -> list[Json]:
        """List the places that people made and that were not upgraded, in the form of people."""
        places = [chat for chat in self.world.chats.values() if isinstance(chat, Gathering)]
        return [self.describe(place) for place in places if place.owner_id and not place.migrated_to]

    def make(self, person: EmulatedPerson, said: Json) -> Json:
        """Make a group or channel without the bot, and return it."""
        kind, title = str(said.get("kind")), str(said.get("title") or "").strip()
        if kind not in ("channel", "group", "supergroup") or not title:
            raise ValueError("a new place needs a title, and a kind: channel, group or supergroup")
        return self.describe(gatherings.gather(self.world, title, [person], kind=kind, bot=False))

    def share(self, person: EmulatedPerson, said: Json) -> Json:
        """Choose a group or channel for a button of the bot's keyboard; return the message."""
        place = self.world.chats[int(said["chat"])]
        if not isinstance(place, Gathering):
            raise TypeError("that is no group or channel")
        return gatherings.share(self.world, person, int(said["request_id"]), place)

    def describe(self, place: Gathering) -> Json:
        """Return a place in the form of a person, with the kind as the role."""
        owner = self.world.person(place.owner_id)
        fields: Json = {"last_name": None, "username": place.username, "language_code": owner.language_code}
        kind = "channel" if place.kind == "channel" else "group"
        return {
            "id": place.id,
            "first_name": place.title,
            **fields,
            "blocked": False,
            "role": kind,
            "owner": place.owner_id,
        }

    def show(self, place: Gathering) -> Json:
        """Return the chat as the page shows it."""
        owner = self.world.person(place.owner_id)
        return {
            "commands": [],
            "bot": {"name": place.title, "description": "", "short_description": ""},
            "messages": self.world.said_in(place),
            "blocked": False,
            "started": True,
            "pinned": place.pinned,
            "bot_status": place.bot_status,
            "may_post": place.bot_status == "administrator" and bool(place.bot_rights),
            "may_grow": place.kind == "group",
            "speakers": [self._name(each) for each in list_speakers(self.world, owner, place)],
            "speaks_as": place.speakers.get(owner.id, owner.id),
            "channels": [self._name(each) for each in self._list_channels(place)],
        }

    def _name(self, chat: Chat) -> Json:
        name = chat.title if isinstance(chat, Gathering) else chat.first_name
        return {"id": chat.id, "name": name}

    def _list_channels(self, place: Gathering) -> list[Gathering]:
        """List the channels whose discussion group this may become."""
        if place.kind != "supergroup":
            return []
        chats = [chat for chat in self.world.chats.values() if isinstance(chat, Gathering)]
        own = [chat for chat in chats if chat.kind == "channel" and chat.owner_id == place.owner_id]
        return [chat for chat in own if chat.discussion_id != place.id]

    def _write(self, place: Gathering, said: Json) -> Json:
        text = str(said.get("text") or "")
        if place.kind == "channel":
            return gatherings.post(self.world, place, text)
        return says(self.world, self.world.person(place.owner_id), place, text)

    def _speak_as(self, place: Gathering, said: Json) -> None:
        speaks_as(self.world, self.world.person(place.owner_id), place, int(said["id"]))

    def _discuss(self, place: Gathering, said: Json) -> None:
        channel = self.world.chats[int(said["id"])]
        if not isinstance(channel, Gathering):
            raise TypeError("that is no channel")
        open_discussion(self.world, channel, place)

    def _press(self, place: Gathering, said: Json) -> Json:
        pressed = self.world.presses(place.owner_id, int(said["message_id"]), str(said["data"]), place, stale=True)
        return {"query_id": pressed}

    def _upgrade(self, place: Gathering, _said: Json) -> Json:
        if place.kind != "group":
            raise ValueError("only a basic group becomes a supergroup")
        return self.describe(gatherings.upgrade(self.world, place))
