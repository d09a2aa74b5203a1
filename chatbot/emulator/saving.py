"""The world on disk: one JSON file, written whole, so that the demo goes on where it was."""

import base64
import dataclasses
import os
from pathlib import Path
from typing import Any

import orjson

from .files import StoredFile
from .people import Gathering, Person
from .scene import OpenQuery, Scene
from .updates import Waiting

Json = dict[str, Any]

FORMAT = 1


def save(scene: Scene, path: Path) -> None:
    """Writes the scene beside `path` and moves it into place, so that a crash leaves the old one."""
    updates = scene.updates
    state = {
        "format": FORMAT,
        "last_message_id": scene.last_message_id,
        "people": [dataclasses.asdict(chat) for chat in scene.chats.values() if isinstance(chat, Person)],
        "gatherings": [dataclasses.asdict(chat) for chat in scene.chats.values() if isinstance(chat, Gathering)],
        "messages": [message for kept in scene.messages.values() for message in kept.values()],
        "files": [_without_bytes(stored) for stored in scene.files.kept.values()],
        "queries": {query_id: dataclasses.asdict(query) for query_id, query in scene.queries.items()},
        "commands": [[scope, language, commands] for (scope, language), commands in scene.menu.commands.items()],
        "words": [[what, language, words] for (what, language), words in scene.menu.words.items()],
        "updates": {
            "next_id": updates.next_id,
            "last_added_at": updates.last_added_at,
            "allowed": sorted(updates.allowed),
            "waiting": [dataclasses.asdict(waiting) for waiting in updates.waiting.values()],
        },
    }
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(orjson.dumps(state, option=orjson.OPT_NON_STR_KEYS))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(scene: Scene, path: Path) -> None:
    """Fills an empty scene from a file that `save` wrote; a missing file leaves it empty. ValueError for another's."""
    if not path.exists():
        return
    state = orjson.loads(path.read_bytes())
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise ValueError(f"{path} was not written by this version of the emulator")
    scene.last_message_id = state["last_message_id"]
    for fields in state["people"]:
        scene.chats[fields["id"]] = Person(**fields)
    for fields in state["gatherings"]:
        members = {int(person_id): status for person_id, status in fields.pop("members").items()}
        scene.chats[fields["id"]] = Gathering(**fields, members=members)
    for message in state["messages"]:
        scene.messages.setdefault(message["chat"]["id"], {})[message["message_id"]] = message
    for fields in state["files"]:
        stored = StoredFile(**fields | {"content": base64.b64decode(fields["content"])})
        scene.files.kept[stored.file_id] = stored
    scene.queries = {query_id: OpenQuery(**fields) for query_id, fields in state["queries"].items()}
    for (kind, chat_id, person_id), language, commands in state["commands"]:
        scene.menu.commands[(kind, chat_id, person_id), language] = commands
    for what, language, words in state["words"]:
        scene.menu.words[what, language] = words
    updates = state["updates"]
    scene.updates.next_id, scene.updates.last_added_at = updates["next_id"], updates["last_added_at"]
    scene.updates.allowed = frozenset(updates["allowed"])
    for fields in updates["waiting"]:
        scene.updates.waiting[fields["update"]["update_id"]] = Waiting(**fields)


def _without_bytes(stored: StoredFile) -> Json:
    """A file's fields with its content as text, which JSON can hold."""
    return dataclasses.asdict(stored) | {"content": base64.b64encode(stored.content).decode()}
