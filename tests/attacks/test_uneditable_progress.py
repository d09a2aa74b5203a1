"""If progress messages cannot be edited, only a few are sent, and then the report."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.broadcasting.pace import Pacer
from chatbot.emulator import Emulator
from chatbot.i18n import Translators
from chatbot.jobs.handlers import set_aside
from chatbot.petition.job import Job
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.storage import open_database
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.broadcast_worker import RunningWorker, WorkerDriver
from tests.support.cast import YUNA
from tests.support.fake_job_context import FakeChatSender, JobDriver
from tests.support.limits import GIVE_UP

PEOPLE = 40


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator(history=5) as running:
        for each in (YUNA, *range(1, PEOPLE + 1)):
            running.world.add_person("유나" if each == YUNA else "Sam", person_id=each).started = True
        yield running


async def test_broadcast_sends_three_uneditable_messages_and_the_report(
    emulator: Emulator, translators: Translators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
        async with asyncio.timeout(GIVE_UP):
            while len(emulator.deliveries.to(YUNA)) < 4:  # noqa: ASYNC110 - a delivery has no event
                await asyncio.sleep(0.01)
    await api.close_session()
    assert (await driver.tally(broadcast)).count("sent") == PEOPLE
    await database.close()
    messages = [each for each in emulator.deliveries.to(YUNA) if each.method == "sendmessage"]
    assert len(messages) == 3 + 1, "three with the progress, and the report"
    assert edits.hits == 2


class UneditableSender(FakeChatSender):
    """Sends every screen as a new message, because no message can be edited."""

    async def show(self, chat_id: int, screen: Screen, message_id: int | None = None) -> int | None:
        return await super().show(chat_id, screen)


async def test_job_sends_two_uneditable_messages_and_the_result(
    campaign: Campaign, translators: Translators, tmp_path: Path
) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    chat_sender = UneditableSender()
    context = replace(JobDriver(database, campaign, translators, tmp_path).context, chat_sender=chat_sender)
    job = Job(1, "set_aside", {"id": 1, "message_id": 5}, YUNA, {})
    for nth in range(30):
        await set_aside._show(job, context, Screen(Markup(str(nth))), on_the_way=True)
    await set_aside._show(job, context, Screen(Markup("the end")))
    await database.close()
    assert [text for _, text in chat_sender.shown] == ["0", "1", "the end"]
