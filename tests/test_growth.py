"""No query of a turn, the team or a broadcast scans a table that grows with the petition."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from chatbot.app.periodic import count_friends
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import BlockedBot, Person, UnblockedBot
from chatbot.conversation.steps import BUTTONS, COMMANDS, TEAM_BUTTONS, TEAM_COMMANDS
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Result, Sent
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.model import Campaign
from chatbot.petition.team import TeamAccess
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import deliveries, forecasts, mornings
from chatbot.storage.organizer import human_check, petition_status
from chatbot.storage.people import friends, history, processed_updates, supporters
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA
from tests.support.chat import Chat
from tests.support.query_plans import Recorder, Said, find_scans
from tests.support.signers import add_signer
from tests.support.team_chats import LINK

MOST_PRESSED = 400
FEWEST_STATEMENTS = 80
"""If the bot executed fewer statements, the test has not reached all screens."""


async def press_everything(chat: Chat) -> None:
    """Press the buttons on every screen that can be reached from this one, one button of each kind."""
    pressed: set[str] = set()
    waiting = [*chat.actions]
    while waiting:
        action = waiting.pop(0)
        kind = re.sub(r"[\w-]*\d[\w-]*", "#", action)
        if kind not in pressed:
            assert len(pressed) < MOST_PRESSED, "buttons of one kind differ in more than their digits"
            pressed.add(kind)
            await chat.presses(action)
            waiting += chat.actions


async def add_friends(database: Recorder, now: datetime) -> None:
    """Add a signature that came by the link of a friend."""

    async def work(tx: Transaction) -> None:
        await supporters.give_share_code(tx, YUNA, "s-KqX4zP9a")
        await add_signer(tx, 9_001, source="s-KqX4zP9a", country="CA", now=now)

    await database.transact(work)


async def broadcast_overnight(database: Recorder, driver: BroadcastDriver) -> None:
    """Send a broadcast in the quiet hours of two evenings, and cancel it."""
    driver.campaign = replace(BUNDLED, quiet_hours=QuietHours(time(21), time(8)))
    driver.now += timedelta(days=30)
    driver.now = driver.now.replace(hour=14)
    broadcast = await driver.start(ko="소식", en="News")
    for _ in range(2):
        while await database.transact(deliveries.find_running, driver.now):
            await driver.deliver()
        driver.now += timedelta(days=1)
    assert (await driver.tally(broadcast)).mornings
    await database.transact(forecasts.foresee, await driver.get(broadcast), driver.campaign, driver.now)
    await driver.cancel(broadcast)
    while await database.transact(mornings.forget, driver.now, 3):
        pass


@pytest.mark.slow
async def test_turns_and_broadcasts_scan_no_growing_table(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    said: Said = {}
    recorder = Recorder(database, said)
    driver = BroadcastDriver(recorder)
    access = TeamAccess(frozenset({YUNA}), 25.0, paid=False)
    dialog = Dialog(recorder, replace(campaign, is_open=True), translators, LINK, lambda: driver.now, team=access)
    hana, sam, yuna = (
        Chat(dialog, Person(number, name, "en")) for number, name in ((1001, "김하나"), (1002, "Sam"), (YUNA, "유나"))
    )

    await hana.says("/start friday-vigil")
    await hana.signs()
    await hana.presses("join:ko")
    for chat in (hana, sam):
        for command in COMMANDS:
            await chat.says(f"/{command}")
            await press_everything(chat)
        for verb in BUTTONS:
            await chat.presses(verb)
    await hana.does(BlockedBot())
    await hana.does(UnblockedBot())

    def refuse_some(to: Delivery) -> Result:
        return Failed("refused") if to.supporter_id % 2 else Sent(to.supporter_id)

    await driver.subscribe(range(1, 9), "ko", "KR")
    await yuna.says("/broadcast")
    await yuna.says("Our friend is free.")
    await yuna.says("친구가 풀려났습니다.")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver(refuse_some, limit=5)
    for command in TEAM_COMMANDS:
        await yuna.says(f"/{command}")
        await press_everything(yuna)
        await driver.deliver_all()
    for verb in TEAM_BUTTONS:
        await yuna.presses(f"{verb}:1")
    await broadcast_overnight(recorder, driver)
    await recorder.transact(deliveries.recover)
    await recorder.transact(deliveries.start_due, BUNDLED, driver.now)
    await recorder.transact(history.write, driver.now)
    await add_friends(recorder, driver.now)
    await count_friends(recorder, campaign, driver.now + timedelta(days=1))
    await recorder.transact(friends.find_sharer, YUNA)
    await recorder.transact(processed_updates.prune, driver.now, 1000)
    checked = (await recorder.transact(petition_status.find)).human
    await recorder.transact(human_check.switch, checked.revision, "auto", 30, YUNA)
    await recorder.transact(human_check.switch_by_surge, driver.now)

    assert len(said) > FEWEST_STATEMENTS
    assert await find_scans(database, said) == []


# How scans are found


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) AS n FROM signatures",
        "SELECT s.name FROM signatures AS s WHERE s.country = 'KR' LIMIT 10",
        "SELECT name FROM signatures ORDER BY name LIMIT 10",
        "SELECT number FROM signatures WHERE number > 7",
        "SELECT s.language FROM subscriptions s JOIN signatures g ON g.country = s.country WHERE s.supporter_id = 7",
        "SELECT supporter_id FROM deliveries WHERE broadcast_id = 7",
        "SELECT name, (SELECT count(*) FROM signatures WHERE country = substr(name, 12)) AS n FROM counters",
        "UPDATE supporters SET step = 'idle' WHERE step = 'name'",
        "DELETE FROM processed_updates WHERE processed_at < '2026'",
        "INSERT INTO sources (name, admitted_at) SELECT source, signed_at FROM signatures WHERE source = 'radio'",
    ],
)
async def test_finder_finds_a_scan(database: Database, sql: str) -> None:
    assert len(await find_scans(database, {sql: {}})) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM signatures WHERE supporter_id = 7",
        "SELECT * FROM signatures ORDER BY number DESC LIMIT 1",
        "SELECT g.name FROM subscriptions s JOIN signatures g USING (supporter_id) WHERE s.supporter_id = 7",
        "SELECT number FROM signatures WHERE number > 7 ORDER BY number LIMIT 10",
        "SELECT count(*) AS n FROM signatures WHERE number > 7 AND number < 107",
        "SELECT count(*) AS n FROM counters",
        "UPDATE supporters SET step = 'idle' WHERE id = 7",
    ],
)
async def test_finder_accepts_a_bounded_query(database: Database, sql: str) -> None:
    assert await find_scans(database, {sql: {}}) == []


async def test_recorder_ignores_statements_of_tests(database: Database) -> None:
    said: Said = {}
    recorder = Recorder(database, said)
    await recorder.transact(lambda tx: tx.one("SELECT count(*) AS n FROM signatures"))
    assert said == {}
    await recorder.transact(processed_updates.prune, BroadcastDriver(recorder).now, 1)
    assert len(said) == 1
