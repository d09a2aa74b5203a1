"""The world on disk, so that the demo continues after a restart: one JSON file, and the files people sent.

The files are in a folder beside it. Each is written once, so that a video is not rewritten with every message.
"""

import dataclasses
import os
from pathlib import Path

import orjson

from chatbot.emulator.bot_api.files import StoredFile
from chatbot.emulator.updates.queue import PendingUpdate
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson, Gathering
from chatbot.emulator.world.scene import OpenQuery, Scene

FORMAT = 2


def save(scene: Scene, path: Path) -> None:
    """Write the scene beside `path` and move it into place, so that a crash leaves the old one."""
    _save_files(scene, files_beside(path))
    updates = scene.updates
    state = {
        "format": FORMAT,
        "last_message_id": scene.last_message_id,
        "people": [dataclasses.asdict(chat) for chat in scene.chats.values() if isinstance(chat, EmulatedPerson)],
        "gatherings": [dataclasses.asdict(chat) for chat in scene.chats.values() if isinstance(chat, Gathering)],
        "messages": [message for kept in scene.messages.values() for message in kept.values()],
        "files": [_without_bytes(stored) for stored in scene.files.kept.values()],
        "queries": {query_id: dataclasses.asdict(query) for query_id, query in scene.queries.items()},
        "inline_messages": scene.inline_messages,
        "commands": [[scope, language, commands] for (scope, language), commands in scene.menu.commands.items()],
        "words": [[what, language, words] for (what, language), words in scene.menu.words.items()],
        "updates": {
            "next_id": updates.next_id,
            "last_added_at": updates.last_added_at,
            "allowed": sorted(updates.allowed),
            "waiting": [dataclasses.asdict(waiting) for waiting in updates.waiting.values()],
        },
    }
    _write(path, orjson.dumps(state, option=orjson.OPT_NON_STR_KEYS))


def load(scene: Scene, path: Path) -> None:
    """Fill an empty scene from a file written by `save`; a missing file leaves it empty. Raises `ValueError`."""
    if not path.exists():
        return
    state = orjson.loads(path.read_bytes())
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise ValueError(f"{path} was not written by this version of the emulator")
    scene.last_message_id = state["last_message_id"]
    for fields in state["people"]:
        scene.chats[fields["id"]] = EmulatedPerson(**fields)
    for fields in state["gatherings"]:
        members = {int(person_id): status for person_id, status in fields.pop("members").items()}
        speakers = {int(person_id): speaker for person_id, speaker in fields.pop("speakers", {}).items()}
        scene.chats[fields["id"]] = Gathering(**fields, members=members, speakers=speakers)
    for message in state["messages"]:
        scene.messages.setdefault(message["chat"]["id"], {})[message["message_id"]] = message
    for fields in state["files"]:
        content = files_beside(path) / fields["file_id"]
        scene.files.kept[fields["file_id"]] = StoredFile(**fields, content=content.read_bytes())
    scene.queries = {query_id: OpenQuery(**fields) for query_id, fields in state["queries"].items()}
    scene.inline_messages = {key: (chat, number) for key, (chat, number) in state.get("inline_messages", {}).items()}
    for (kind, chat_id, person_id), language, commands in state["commands"]:
        scene.menu.commands[(kind, chat_id, person_id), language] = commands
    for what, language, words in state["words"]:
        scene.menu.words[what, language] = words
    updates = state["updates"]
    scene.updates.next_id, scene.updates.last_added_at = updates["next_id"], updates["last_added_at"]
    scene.updates.allowed = frozenset(updates["allowed"])
    for fields in updates["waiting"]:
        scene.updates.waiting[fields["update"]["update_id"]] = PendingUpdate(**fields)


def files_beside(path: Path) -> Path:
    """Return the folder of the files that people sent."""
    return path.with_suffix(".files")


def _save_files(scene: Scene, folder: Path) -> None:
    for stored in scene.files.kept.values():
        file = folder / stored.file_id
        if not file.exists():
            folder.mkdir(exist_ok=True)
            _write(file, stored.content)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _without_bytes(stored: StoredFile) -> Json:
    fields = dataclasses.fields(stored)
    return {field.name: getattr(stored, field.name) for field in fields if field.name != "content"}
