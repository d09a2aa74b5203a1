"""The worker with the real sender, against the emulator, which counts, refuses and fails as Telegram does."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.broadcasting.pace import FREE, PAID, Pacer
from chatbot.broadcasting.run import MOST_UNKNOWN
from chatbot.broadcasting.worker import Worker
from chatbot.emulator import Emulator, Rates
from chatbot.petition.broadcasts.post import Media, Post, PostButton
from chatbot.storage.broadcasts import drafts
from chatbot.transport.outgoing.broadcast_sender import BroadcastSender
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.job_sender import JobSender
from chatbot.transport.outgoing.retry import TokenRefusedError
from tests.support.bot_process import BotProcess
from tests.support.broadcast_worker import WRITE, RunningWorker, WorkerDriver
from tests.support.cast import HANA, SAM, YUNA
from tests.support.limits import GIVE_UP, SOON, read_run_delay
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow


@pytest.fixture
def wire() -> Wire:
    """The bot's calls, checked against the newest Bot API."""
    return Wire()


@pytest.fixture
async def emulator(wire: Wire) -> AsyncIterator[Emulator]:
    async with Emulator(history=50, on_request=wire.on_request, on_answer=wire.on_answer) as running:
        for name, each in (("유나", YUNA), ("하나", HANA), ("Sam", SAM)):
            running.world.add_person(name, person_id=each).started = True
        yield running


@pytest.fixture
async def api(emulator: Emulator) -> AsyncIterator[BotApi]:
    api = BotApi(emulator.token, emulator.url)
    await api.open()
    yield api
    await api.close_session()


def make_worker(driver: WorkerDriver, api: BotApi, pace: Pacer, *, paid: bool = False) -> Worker:
    sender, show = BroadcastSender(api, paid=paid), JobSender(api, pace).show
    return driver.worker(sender, show=show, pace=pace, window=200 if paid else 30, refusals=(TokenRefusedError,))


def crowd(emulator: Emulator, count: int) -> range:
    """Add this many people who have met the bot."""
    ids = range(10_001, 10_001 + count)
    for each in ids:
        emulator.world.add_person("Sam", person_id=each).started = True
    return ids


def received(emulator: Emulator) -> Counter[int]:
    sent = (delivery for delivery in emulator.deliveries if delivery.method.startswith("send"))
    return Counter(delivery.chat_id for delivery in sent if delivery.chat_id != YUNA)


async def test_worker_sends_corrects_and_recalls_a_broadcast(
    driver: WorkerDriver, emulator: Emulator, api: BotApi
) -> None:
    await driver.subscribe([HANA], "ko")
    await driver.subscribe([SAM], "en")
    picture = emulator.world.sends_photo(YUNA)["photo"][-1]["file_id"]
    draft = await driver.draft(en="<b>News</b> &amp; more")
    button = PostButton("더 보기", "https://example.org/ko")
    post = Post(Markup("<i>소식</i>"), Media("photo", picture), button)
    await driver.database.transact(drafts.write_post, draft.id, "ko", post)
    await driver.database.transact(drafts.set_silent, draft.id, silent=True)
    async with RunningWorker(make_worker(driver, api, Pacer(30))):
        broadcast = await driver.send(draft.id)
        await driver.until(broadcast)
        (hers,), (his,) = emulator.world.said_in(HANA), emulator.world.said_in(SAM)
        assert (hers["caption"], hers["caption_entities"][0]["type"]) == ("소식", "italic")
        assert hers["photo"][-1]["file_id"] == picture
        assert hers["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org/ko"
        assert (his["text"], his["entities"][0]["type"]) == ("News & more", "bold")
        correction = await driver.draft(kind="correction", of=broadcast, en="<b>Better news</b>")
        better = Post(Markup("<i>정정한 소식</i>"), Media("photo", picture), button)
        await driver.database.transact(drafts.write_post, correction.id, "ko", better)
        await driver.until(await driver.send(correction.id))
        assert [message["caption"] for message in emulator.world.said_in(HANA)] == ["정정한 소식"]
        assert [message["text"] for message in emulator.world.said_in(SAM)] == ["Better news"]
        emulator.world.remove(emulator.world.said_in(SAM)[0])
        recall = await driver.start(kind="recall", of=broadcast)
        await driver.until(recall)
    assert emulator.world.said_in(HANA) == []
    assert (await driver.tally(recall)).outcomes == {("ko", "sent", ""): 1, ("en", "gone", "message_gone"): 1}


@pytest.mark.parametrize(
    ("rate", "at_most", "paid", "people"), [(25, FREE, False, 40), (30, FREE, False, 45), (1000, PAID, True, 1500)]
)
async def test_worker_keeps_the_rate_without_a_flood(
    driver: WorkerDriver, wire: Wire, tmp_path: Path, rate: float, at_most: int, paid: bool, people: int
) -> None:
    wire.checked = wire.checks_answers = False
    limits = Rates()
    async with Emulator(history=1, rates=limits, on_request=wire.on_request, on_answer=wire.on_answer) as emulator:
        emulator.world.add_person("유나", person_id=YUNA).started = True
        api = BotApi(emulator.token, emulator.url)
        await api.open()
        await driver.subscribe(crowd(emulator, people))
        async with RunningWorker(make_worker(driver, api, Pacer(rate, at_most), paid=paid)):
            broadcast = await driver.start(ko="소식")
            delay = read_run_delay()
            await driver.until(broadcast)
            delay = read_run_delay() - delay
        await api.close_session()
        times = sorted(delivery.at for delivery in emulator.deliveries if delivery.chat_id != YUNA)
    assert limits.refused == 0
    assert len(times) == people
    took = times[-1] - times[0]
    # On a busy machine the rate may fall; it must never exceed what Telegram accepts.
    assert took > (people - at_most * 0.1) / rate * 0.9
    assert took - delay < people / rate * 2 + 1


async def test_real_floods_halt_all_and_lose_no_delivery(driver: WorkerDriver, emulator: Emulator, api: BotApi) -> None:
    ids = crowd(emulator, 100)
    await driver.subscribe(ids)
    flood = emulator.faults.flood(1, "sendMessage", times=3)
    async with RunningWorker(make_worker(driver, api, Pacer(1000, 1000))):
        broadcast = await driver.start(ko="소식")
        await driver.until(broadcast)
    assert flood.hits == 3
    assert received(emulator) == Counter(ids)
    assert await driver.count_states(broadcast) == Counter(sent=100)


async def test_worker_continues_after_an_outage(
    driver: WorkerDriver, emulator: Emulator, api: BotApi, wire: Wire
) -> None:
    ids = crowd(emulator, 300)
    await driver.subscribe(ids)
    async with RunningWorker(make_worker(driver, api, Pacer(500, 1000))):
        broadcast = await driver.start(ko="소식")
        await wire.until(lambda: wire.answered["sendMessage"] >= 100)
        await emulator.stop()
        await driver.counting.until_done(WRITE, 10)
        await emulator.start()
        await driver.until(broadcast)
    states = await driver.count_states(broadcast)
    assert states["sent"] + states["unknown"] == 300
    assert states["unknown"] <= 30 + MOST_UNKNOWN - 1
    assert set(ids) - received(emulator).keys() <= {
        supporter_id for supporter_id, (state, _) in (await driver.outcomes(broadcast)).items() if state == "unknown"
    }
    assert max(received(emulator).values()) == 1


async def test_refused_content_ends_the_broadcast(driver: WorkerDriver, emulator: Emulator, api: BotApi) -> None:
    ids = crowd(emulator, 100)
    await driver.subscribe(ids)
    async with RunningWorker(make_worker(driver, api, Pacer(30))):
        broadcast = await driver.start(ko="<b>소식")
        ended = await driver.until(broadcast)
    assert ended.ending == "content"
    assert ended.refusal is not None
    assert "parse entities" in ended.refusal
    assert (await driver.count_states(broadcast))["waiting"] > 90
    assert received(emulator) == Counter()


@pytest.mark.parametrize("command", ["run", "worker"])
async def test_process_ends_without_waiting_for_a_silent_call(
    driver: WorkerDriver, emulator: Emulator, wire: Wire, tmp_path: Path, command: str
) -> None:
    ids = crowd(emulator, 500)
    await driver.subscribe(ids)
    broadcast = await driver.start(ko="소식")
    emulator.faults.slow(0.3, "sendMessage")
    # Only one of the two processes waits for a call that gets no answer.
    hangs = command == "worker"
    last = emulator.faults.slow(30 if hangs else 0, "sendMessage", person=10_050)
    settings = {"BROADCAST_PAID": "true", "BROADCAST_RATE": "200", "ORGANIZERS": str(YUNA)}
    async with BotProcess(emulator, tmp_path, "-m", "chatbot", command, **settings) as bot:
        await asyncio.wait_for(last.hit.wait(), GIVE_UP)
        bot.kill(signal.SIGTERM)
        assert await bot.ended(SOON) == 0
        assert bot.troubles == []
    rows = await driver.outcomes(broadcast)
    states = Counter(state for state, _ in rows.values())
    assert rows[10_050] == (("unknown", "stopped") if hangs else ("sent", None))
    assert states["sent"] == len(received(emulator)) > 0
    assert states == Counter(unknown=hangs, sent=states["sent"], waiting=500 - hangs - states["sent"])


async def test_refused_token_ends_the_process_and_the_right_one_continues(
    driver: WorkerDriver, emulator: Emulator, tmp_path: Path
) -> None:
    ids = crowd(emulator, 200)
    await driver.subscribe(ids)
    broadcast = await driver.start(ko="소식")
    settings = {"BROADCAST_PAID": "true", "BROADCAST_RATE": "500", "ORGANIZERS": str(YUNA)}
    refusal = emulator.faults.refuse(401, "Unauthorized", "sendMessage", person=10_100)
    async with BotProcess(emulator, tmp_path, **settings) as bot:
        assert await bot.ended() == 1
        assert "TELEGRAM_TOKEN" in bot.log[-1]
        assert refusal.hits >= 1
        states = await driver.count_states(broadcast)
        assert states["unknown"] == states["sending"] == states["failed"] == 0
        assert states["waiting"] > 0
        emulator.faults.clear()
        await bot.starts()
        await driver.until(broadcast)
    assert received(emulator) == Counter(ids)
