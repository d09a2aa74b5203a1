"""Sends a person a file with all data stored about them."""

import asyncio

import orjson

from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.screens.supporter import my_data
from chatbot.storage.privacy import personal_data


async def send(job: Job, context: JobContext) -> None:
    """Collect the data and send it; no file stays on the disk."""
    person_id = job.chat_id
    assert person_id is not None  # the requester is named
    data = await context.database.read_snapshot(personal_data.gather, person_id)
    if "supporters" not in data:
        return  # the person was erased meanwhile
    _ = await context.speak_to(person_id)
    async with context.folder.open() as folder:
        file = folder / "about-me.json"
        await asyncio.to_thread(file.write_bytes, orjson.dumps(data, option=orjson.OPT_INDENT_2))
        await context.chat_sender.send_file(person_id, file, file.name, my_data.caption(_))
