"""Sends a person all data stored about them: a page to read, and a file for programs."""

import asyncio
from collections.abc import Mapping
from typing import Final

import orjson

from chatbot.i18n import Translator
from chatbot.jobs.context import JobContext
from chatbot.petition.job import Job
from chatbot.screens import data_page
from chatbot.screens.organizer.records import member_data
from chatbot.screens.supporter import my_data
from chatbot.storage.organizer import jobs
from chatbot.storage.privacy import personal_data
from chatbot.storage.privacy.personal_data import PersonalData

_PAGE: Final = "about-me.html"
_DATA: Final = "about-me.json"


async def send(job: Job, context: JobContext) -> None:
    """Collect the data and send it; no file stays on the disk. A repeated job does not send the page again."""
    person_id = job.chat_id
    assert person_id is not None  # the requester is named
    data = await context.database.read_snapshot(personal_data.gather, person_id)
    if "supporters" not in data:
        return  # the person was erased meanwhile
    _ = await context.speak_to(person_id)
    async with context.folder.open() as folder:
        for name, content in _make(_, data).items():
            if job.progress.get(name):
                continue
            file = folder / name
            await asyncio.to_thread(file.write_bytes, content)
            caption = my_data.caption(_) if name == _PAGE else my_data.caption_for_programs(_)
            if await context.chat_sender.send_file(person_id, file, name, caption) is None:
                return  # the person left the chat
            job.progress[name] = 1
            if not await context.database.transact(jobs.keep_progress, job.id, job.progress):
                return


async def apologise(job: Job, context: JobContext) -> None:
    """Tell a person that their file could not be made, however often that was tried."""
    assert job.chat_id is not None  # the requester is named
    await context.chat_sender.show(job.chat_id, my_data.not_made(await context.speak_to(job.chat_id)))


def _make(_: Translator, data: PersonalData) -> Mapping[str, bytes]:
    page = data_page.write(_, data, member_data.LABELS)
    return {_PAGE: page.encode(), _DATA: orjson.dumps(data, option=orjson.OPT_INDENT_2)}
