"""Sending somebody everything that is kept about them, as a file."""

import asyncio

import orjson

from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.screens import myself
from chatbot.storage import about


async def send(errand: Errand, office: Office) -> None:
    """Gather it and send it to their chat; nothing of it stays on the disk."""
    person_id = errand.for_id
    assert person_id is not None  # it is somebody's own
    kept = await office.database.look(lambda tx: about.gather(tx, person_id))
    if "supporters" not in kept:
        return  # forgotten meanwhile
    _ = await office.speak_to(person_id)
    async with office.folder.open() as folder:
        file = folder / "about-me.json"
        await asyncio.to_thread(file.write_bytes, orjson.dumps(kept, option=orjson.OPT_INDENT_2))
        await office.courier.send_file(person_id, file, file.name, myself.caption(_))
