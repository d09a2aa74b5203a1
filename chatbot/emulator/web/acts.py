"""What a person does on the page: the actions of the control API."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from chatbot.emulator.text.typed import read_entities
from chatbot.emulator.wire import Json
from chatbot.emulator.world.attachments import Attachment, send_files
from chatbot.emulator.world.forwarding import forward
from chatbot.emulator.world.inline import asks_inline, calls_guest, chooses_result
from chatbot.emulator.world.people import EmulatedPerson
from chatbot.emulator.world.world import World

PATIENCE = 10.0
"""Seconds that the page waits for the results of an inline query."""
ActHandler = Callable[[EmulatedPerson, Json], Any]


class Acts:
    """The actions by name. Each takes the person and what the page sent, and raises `ValueError` for a refusal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_name: Mapping[str, ActHandler] = {
            "say": self._write,
            "edit": self._edit,
            "forward": self._forward,
            "send": lambda person, said: world.sends(person, str(said.get("kind"))),
            "start": lambda person, said: world.starts(person, str(said.get("payload") or "")),
            "press": self._press,
            "post": self._post,
            "guest": self._call_guest,
            "block": lambda person, _: self._turn(person, blocked=True),
            "unblock": lambda person, _: self._turn(person, blocked=False),
        }

    def send_files(self, person: EmulatedPerson, form: Any) -> Json:
        """Send the files of a form, several as an album; return the first message."""
        files = form.getall("file", [])
        kinds = form.getall("kind", ["document"] * len(files))
        if not files or len(kinds) != len(files) or not all(isinstance(file, web.FileField) for file in files):
            raise TypeError("the request needs files, and a kind for each")
        attached = [
            Attachment(str(kind), file.file.read(), file.filename, file.content_type)
            for kind, file in zip(kinds, files, strict=True)
        ]
        caption, raw, reply_to = (str(form.get(name) or "") for name in ("caption", "entities", "reply_to"))
        entities = read_entities(orjson.loads(raw) if raw else None)
        return send_files(self.world, person, attached, caption, entities, reply_to=int(reply_to or 0))[0]

    def _write(self, person: EmulatedPerson, said: Json) -> Json:
        entities, reply_to = read_entities(said.get("entities")), int(said.get("reply_to") or 0)
        return self.world.says(person, str(said.get("text") or ""), reply_to=reply_to, entities=entities)

    def _edit(self, person: EmulatedPerson, said: Json) -> Json:
        text, entities = str(said.get("text") or ""), read_entities(said.get("entities"))
        return self.world.edits(person, int(said["message_id"]), text, entities=entities)

    def _forward(self, person: EmulatedPerson, said: Json) -> Json:
        return forward(self.world, person, self.world.person(int(said["from"])), int(said["message_id"]))

    def _press(self, person: EmulatedPerson, said: Json) -> Json:
        """Press any button: the page may still show a keyboard that was just replaced."""
        return {"query_id": self.world.presses(person, int(said["message_id"]), str(said["data"]), stale=True)}

    def _post(self, _person: EmulatedPerson, said: Json) -> Json:
        return {"posted": chooses_result(self.world, str(said["query_id"]), str(said["result_id"]))["message_id"]}

    def _call_guest(self, person: EmulatedPerson, said: Json) -> Json:
        return {"called": calls_guest(self.world, person, int(said["to"]), str(said.get("text") or ""))}

    def _turn(self, person: EmulatedPerson, *, blocked: bool) -> Json:
        turn = self.world.blocks if blocked else self.world.unblocks
        turn(person)
        return {"blocked": person.blocked}


async def ask_inline(world: World, person: EmulatedPerson, said: Json) -> Json:
    """Type @bot in somebody else's chat, and return the results once the bot has answered."""
    with world.watch(person) as watch:
        query_id = asks_inline(world, person, int(said["to"]), str(said.get("text") or ""))
        query = world.inline_queries[query_id]
        try:
            while query.results is None:
                await watch.next("offered", timeout=PATIENCE)
        except TimeoutError:
            raise ValueError("the bot did not answer the inline query") from None
    names = ("id", "title", "description")
    results = [{name: each[name] for name in names if name in each} for each in query.results]
    return {"query_id": query_id, "results": results, "button": query.button, "is_guest": world.bot.is_guest}
