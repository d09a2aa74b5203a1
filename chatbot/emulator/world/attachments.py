"""Sending several files at once: an album."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatbot.emulator.bot_api import limits
from chatbot.emulator.text.markup import Entity
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson
from chatbot.emulator.world.world import World

FIRST_ALBUM = 13_000_000_000_000_000


class Attachment(NamedTuple):
    """A file to send as a photo, video, animation or document."""

    kind: str
    content: bytes
    name: str = ""
    mime: str = ""


def send_files(
    world: World,
    person: EmulatedPerson,
    files: Sequence[Attachment],
    caption: str = "",
    entities: Iterable[Entity] = (),
    *,
    reply_to: int | None = None,
) -> list[Json]:
    """Send files to the bot, the first with a caption. Several become albums of ten, as in Telegram's app.

    An album has photos and videos, or documents. If one of the files is refused, none is sent.
    """
    kinds = {file.kind for file in files}
    if len(files) > 1 and not (kinds <= {"photo", "video"} or kinds == {"document"}):
        raise ValueError("an album has photos and videos, or documents")
    contents = [world.read_file(*file) for file in files]
    words = world.read_caption(caption, entities)
    sent: list[Json] = []
    for begin in range(0, len(files), limits.ALBUM_FILES):
        album = contents[begin : begin + limits.ALBUM_FILES]
        group = {"media_group_id": str(FIRST_ALBUM + world.last_message_id)} if len(album) > 1 else {}
        sent += [
            world.write(person, group | fields | ({} if begin or nth else words), reply_to=reply_to)
            for nth, fields in enumerate(album)
        ]
    return sent
