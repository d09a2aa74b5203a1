"""Random walks: supporters, an organizer and a stranger act in any order, at once, twice, and weeks late."""

import asyncio
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import (
    Answer,
    BlockedBot,
    Event,
    Heard,
    Person,
    Pressed,
    Said,
    SentMedia,
    UnblockedBot,
)
from chatbot.conversation.steps import COMMANDS, TEAM_BUTTONS, TEAM_COMMANDS
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.team import TeamAccess
from chatbot.screens.screen import Press, Screen
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.organizer import human_check
from tests.support.cast import YUNA

PEOPLE = (
    Person(YUNA, "유나", "en"),
    Person(1001, "김하나", "ko"),
    Person(1002, "Sam <Smith> & Co.", "en-CA"),
    Person(6000, "www.example.org", None),
)
WORDS = (
    *("Sam", "김하나", "Canada", "한국", "Korea", "North Korea", "Sourth Korea", "Xanadu", "because", "/", "0"),
    *("cat", "나무", "☂"),
    *("<b>bold</b> & “quoted”", "x" * 4096, "\u202e\u200b", "2026-12-24 18:00", "내일 오전 9시", "Read https://x.org"),
)
COMMAND_NAMES = (*COMMANDS, *TEAM_COMMANDS, "frobnicate")
PAYLOADS = ("", "friday-vigil", "1", "9" * 21, "<b>", "ㄱ" * 70)
KINDS = ("photo", "sticker", "document", "animation", "voice", "unknown")
ACTS = (*["newest"] * 5, *["tap"] * 3, "say", "say", "command", "command", "send", "again", "leave", "return")
TAG = re.compile(r"</?[a-z][^>]*>")


class Walk:
    """The people of one walk, and every button that any of them was shown."""

    def __init__(self, dialog: Dialog) -> None:
        self.dialog = dialog
        self.shown = ["sign", "broadcast:send:1", "subscribe:ko", "nonsense", "check.sign"]
        self.did: dict[int, list[Heard]] = {person.id: [] for person in PEOPLE}
        self.seen: dict[int, list[str]] = {person.id: [] for person in PEOPLE}
        self.ids = iter(range(1, 1_000_000))

    def choose(self, person: Person, act: str, number: int) -> tuple[Heard, bool]:
        """Choose what a person does, and say whether it is new: recent updates may be delivered again."""
        done = self.did[person.id]
        if act == "again" and done:
            return done[-1 - number % min(len(done), 3)], False
        update_id = next(self.ids)
        done.append(Heard(update_id, person, self._event(person, act, number, f"query-{update_id}")))
        return done[-1], True

    def _event(self, person: Person, act: str, number: int, query_id: str) -> Event:
        match act:
            case "newest" if seen := self.seen[person.id]:
                return Pressed(seen[number % len(seen)], query_id, 5)
            case "tap" | "newest":
                return Pressed(self.shown[number % len(self.shown)], query_id, 5)
            case "command":
                command, payload = COMMAND_NAMES[number % len(COMMAND_NAMES)], PAYLOADS[number % len(PAYLOADS)]
                return Said(f"/{command} {payload}", command, payload)
            case "send":
                return SentMedia(KINDS[number % len(KINDS)], "file-id", WORDS[number % len(WORDS)])
            case "leave":
                return BlockedBot()
            case "return":
                return UnblockedBot()
        return Said(WORDS[number % len(WORDS)])

    async def does(self, person: Person, act: str, number: int = 0) -> Answer | None:
        """Let a person act, and check the answer."""
        heard, is_new = self.choose(person, act, number)
        answer = await self.dialog.hear(heard)
        if isinstance(heard.event, Pressed):
            assert answer is not None
            assert answer.query_id == heard.event.query_id
            assert len(answer.notice or "") <= 200
            assert answer.screen or answer.first or answer.notice or not is_new, heard
        elif is_new and not isinstance(heard.event, BlockedBot | UnblockedBot):
            assert answer is not None
            assert answer.screen is not None, heard
        for screen in (*answer.first, answer.screen) if answer else ():
            if screen is not None:
                assert_fits(screen)
                verbs = {action.partition(":")[0] for action in actions(screen)}
                assert person.id == YUNA or not verbs & TEAM_BUTTONS.keys(), "organizer commands for a supporter"
                assert person.id == YUNA or "/broadcast" not in screen.text, "organizer commands for a supporter"
                self.seen[person.id] = actions(screen)
                self.shown += actions(screen)
        return answer


def actions(screen: Screen) -> list[str]:
    """List the data of a screen's buttons."""
    return [button.action for row in screen.rows for button in row if isinstance(button, Press)]


def assert_fits(screen: Screen) -> None:
    """Check that Telegram would accept the screen."""
    shown = html.unescape(TAG.sub("", str(screen.text)))
    assert shown.strip() or screen.media
    assert len(shown) <= (1024 if screen.media else 4096)
    assert all(1 <= len(action.encode()) <= 64 for action in actions(screen))


async def read_all(tx: Transaction) -> dict[str, list[dict[str, Any]]]:
    """Read the tables that only the team may change."""
    kept = {}
    for table in ("broadcasts", "posts", "deliveries", "members", "agreements", "invitations", "audit_log"):
        kept[table] = [dict(row) for row in await tx.all(f"SELECT * FROM {table}")]  # type: ignore[call-overload]
    return kept


async def assert_consistent(database: Database, first_number: int) -> None:
    """Check that counters equal a recount, and that numbers have neither gap nor repeat."""

    async def read(tx: Transaction) -> tuple[list[int], dict[str, int], int]:
        numbers = [row["number"] for row in await tx.all("SELECT number FROM signatures ORDER BY number")]
        counted = {row["name"]: row["value"] for row in await tx.all("SELECT name, value FROM counters")}
        subscribed = await tx.one("SELECT count(*) AS n FROM subscriptions WHERE ended_at IS NULL")
        assert subscribed is not None
        return numbers, counted, subscribed["n"]

    numbers, counted, subscribed = await database.transact(read)
    assert numbers == list(range(first_number, first_number + len(numbers)))
    assert counted.get("signatures", 0) == len(numbers)
    assert sum(value for name, value in counted.items() if re.fullmatch("signatures:..", name)) == len(numbers)
    assert counted.get("subscriptions", 0) == subscribed


STEPS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ACTS), st.integers(0, 10_000))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.booleans(),
    st.lists(st.lists(STEPS, min_size=1, max_size=4, unique_by=lambda step: step[0].id), min_size=10, max_size=30),
)
async def test_random_walks_are_answered_and_leave_consistent_data(
    campaign: Campaign,
    translators: Mapping[str, Translator],
    checked: bool,
    rounds: list[list[tuple[Person, str, int]]],
) -> None:
    with TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{folder}/chatbot.db")
        access = TeamAccess(frozenset({YUNA}), 25.0, paid=False)
        walk = Walk(
            Dialog(database, replace(campaign, is_open=True), translators, "https://t.me/petition_bot", team=access)
        )
        if checked:
            await database.transact(human_check.switch, 0, "on", 100, YUNA)
        for steps in rounds:
            before = await database.transact(read_all)
            await asyncio.gather(*(walk.does(*step) for step in steps))
            if all(person.id != YUNA for person, _, _ in steps):
                assert await database.transact(read_all) == before, "only organizers write and send"
        await assert_consistent(database, campaign.carried_over + 1)
        for person in PEOPLE:
            for command in ("cancel", "start"):
                answer = await walk.does(person, "command", COMMAND_NAMES.index(command))
            assert answer is not None
            assert answer.screen is not None
            assert "read:1" in actions(answer.screen), "everybody gets back to the welcome"
        await database.close()
