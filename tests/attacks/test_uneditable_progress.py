"""If progress messages cannot be edited, only three are sent, and the end is reported all the same."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.broadcasting.pace import Pacer
from chatbot.emulator import Emulator
from chatbot.i18n import Translator
from chatbot.jobs.handlers import set_aside
from chatbot.petition.job import Job
from chatbot.storage import open_database
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.broadcast_worker import (
    RunningWorker,
    WorkerDriver,
)
from tests.support.cast import YUNA
from tests.support.fake_job_context import JobDriver
from tests.support.limits import GIVE_UP

PEOPLE = 40


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator(history=5) as running:
        for each in (YUNA, *range(1, PEOPLE + 1)):
            running.world.add_person("유나" if each == YUNA else "Sam", person_id=each).started = True
        yield running


async def test_uneditable_progress_is_left_after_three_messages(
    emulator: Emulator, translators: Mapping[str, Translator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.broadcasting.progress.EVERY", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.progress.CHECK_EVERY", 0.01)
    monkeypatch.setattr("chatbot.broadcasting.chat_limits.BURST", 1000.0)
    edits = emulator.faults.refuse(400, "Bad Request: MESSAGE_ID_INVALID", "editMessageText")
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    driver = WorkerDriver(database, translators)
    await driver.subscribe(range(1, PEOPLE + 1))
    api, pace = BotApi(emulator.token, emulator.url), Pacer(30)
    await api.open()
    sender, show = BroadcastSender(api, paid=False), JobSender(api, pace).show
    worker = driver.worker(sender, show=show, pace=pace, refusals=(TokenRefusedError,))
    async with RunningWorker(worker):
        update = await driver.start(ko="소식")
        await driver.until(update)
        async with asyncio.timeout(GIVE_UP):
            while len(emulator.deliveries.to(YUNA)) < 4:  # noqa: ASYNC110 - the report comes last
                await asyncio.sleep(0.01)
    await api.close_session()
    assert (await driver.tally(update)).count("sent") == PEOPLE
    await database.close()
    messages = [each for each in emulator.deliveries.to(YUNA) if each.method == "sendmessage"]
    assert len(messages) == 3 + 1, "three that follow it, and the report"
    assert edits.hits == 2


class Uneditable:
    """A sender whose edits all fail, so that every screen comes as a new message."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    async def show(self, chat_id: int, screen, message_id: int | None = None) -> int:
        self.shown.append(str(screen.text))
        return len(self.shown) + 100


async def test_uneditable_job_progress_is_left_after_two_messages(
    campaign, translators: Mapping[str, Translator], tmp_path: Path
) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    driver = JobDriver(database, campaign, translators, tmp_path).context
    chat_sender = Uneditable()
    object.__setattr__(driver, "chat_sender", chat_sender)
    job = Job(1, "set_aside", {"id": 1, "message_id": 5}, YUNA, {})
    for nth in range(30):
        await set_aside._show(job, driver, Named(str(nth)), on_the_way=True)
    await set_aside._show(job, driver, Named("the end"))
    await database.close()
    assert chat_sender.shown == ["0", "1", "the end"]


class Named:
    """A screen that has nothing but a text."""

    def __init__(self, text: str) -> None:
        self.text = text
