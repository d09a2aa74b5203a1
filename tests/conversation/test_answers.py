"""Whatever people do, a name, a country or a reason changes only as an answer to a question on their screen."""

from collections.abc import Mapping
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Answer, Edited, Event, Heard, Person, Pressed, Said, SentMedia
from chatbot.conversation.steps import COMMANDS
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.team import TeamAccess
from chatbot.screens import editing
from chatbot.screens.screen import Press, Screen
from chatbot.storage import Database, Transaction, open_database
from tests.support.cast import HANA, SAM, YUNA

LINES = ("name", "country", "reason")
PEOPLE = (
    Person(HANA, "하나", "ko"),
    Person(SAM, "Sam Taylor", "en"),
    Person(6000, "www.example.org", None),
    Person(YUNA, "유나", "en"),
)
WORDS = (
    *(
        "Sam",
        "김하나",
        "Canada",
        "한국",
        "North Korea",
        "because",
        "감사합니다. 응원해요!",
        "수고 많으십니다",
        "왜 이름이 필요해요?",
    ),
    *(
        "취소",
        "skip",
        "없음",
        "서명하기",
        "Sign",
        "이름",
        "나중에",
        "Back",
        "나라",
        "English",
        "My name is Sam",
        "ㅋㅋㅋ",
        "?",
    ),
    *("/취소", "<b>bold</b>", "나무", "x" * 600),
)
COMMAND_NAMES = (*COMMANDS, "frobnicate", "broadcast")
_ENDS = ("cancel", "withdraw:", "forget:")
"""Buttons that end an unfinished signature or a signature."""
_SIGNS = ("check.sign.", "human.")
ACTS = (*["newest"] * 6, *["say"] * 4, "tap", "tap", "command", "command", "edit", "send", "again", "wait")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 10_000)), min_size=15, max_size=40)
Kept = dict[str, dict[str, Any]]


class Watched:
    """One person whose screen and whose answers are watched."""

    def __init__(self, dialog: Dialog, database: Database, person: Person, questions: Mapping[str, set[str]]) -> None:
        self.dialog, self.database, self.person, self.questions = dialog, database, person, questions
        self.ids = iter(range(1, 1_000_000))
        self.remarks: list[Screen] = []
        self.screen: Screen | None = None
        """The last screen that they were shown."""
        self.shown = ["sign", "me", "subscribe:ko"]
        self.typed: list[int] = []
        self.last: Heard | None = None

    def choose(self, act: str, number: int) -> Heard:
        """Choose what they do."""
        if act == "again" and self.last is not None:
            return self.last
        update_id = next(self.ids)
        newest = list_actions(self.screen) if self.screen else []
        event: Event = Said(WORDS[number % len(WORDS)], message_id=update_id)
        match act:
            case "newest" if newest:
                event = Pressed(newest[number % len(newest)], f"query-{update_id}", 5)
            case "tap":
                event = Pressed(self.shown[number % len(self.shown)], f"query-{update_id}", 5)
            case "command":
                command = COMMAND_NAMES[number % len(COMMAND_NAMES)]
                event = Said(f"/{command}", command, message_id=update_id)
            case "edit" if self.typed:
                event = Edited(Said(WORDS[number % len(WORDS)], message_id=self.typed[number % len(self.typed)]))
            case "send":
                event = SentMedia("photo", "file", WORDS[number % len(WORDS)])
            case _:
                self.typed.append(update_id)
        return Heard(update_id, self.person, event)

    async def does(self, act: str, number: int) -> None:
        """Let them act, and check that nothing changed but what they answered."""
        is_new, heard = act != "again" or self.last is None, self.choose(act, number)
        before = await self.database.transact(read_answers, self.person.id)
        answer = await self.dialog.hear(heard)
        after = await self.database.transact(read_answers, self.person.id)
        changed = {line for kind in before for line in LINES if before[kind].get(line) != after[kind].get(line)}
        if changed:
            assert is_new, "a repeated update changes nothing"
            self._explain(heard.event, before, after, changed, answer)
        self.last = heard
        for screen in (*answer.first, answer.screen, answer.then) if answer else ():
            # A remark on an edit stands below the question, and asks to answer it with a new message.
            if screen is not None and screen not in self.remarks:
                self.screen = screen
                self.shown += list_actions(screen)

    async def signs(self) -> None:
        """Sign, if their profile has a name that can."""
        await self.does("command", COMMAND_NAMES.index("sign"))
        for beginning in ("country.", "check.sign"):
            offered = [each for each in list_actions(self.screen) if each.startswith(beginning)] if self.screen else []
            if offered:
                self.shown.append(offered[0])
                await self.does("tap", len(self.shown) - 1)

    def _explain(self, event: Event, before: Kept, after: Kept, changed: set[str], answer: Answer | None) -> None:
        """Find the question that this was an answer to."""
        context = (event, before, after, self.screen)
        assert answer is not None, context
        assert answer.screen is not None, context
        match event:
            case Pressed(action=action) if action.startswith(_ENDS):
                assert after == {"draft": {}, "signature": {}}, context
            case Pressed(action=action) if action.startswith(_SIGNS):
                assert after == {"draft": {}, "signature": {line: before["draft"].get(line) for line in LINES}}, context
            case Pressed(action=action) if action.startswith("me:undo:"):
                assert len(changed) == 1, context
            case Pressed(action=action) if action.partition(".")[0].removeprefix("own_") in LINES:
                assert changed == {action.partition(".")[0].removeprefix("own_")}, context
            case Said(command="cancel" | "forget"):
                assert not after["draft"], context
            case Said(command=None, text="취소"):
                assert not after["draft"], context
            case Said(command=None):
                assert changed == {self._read_question()}, context
            case Edited():
                # Also the first answer of a draft, if the bot asked about what was typed, and its question is shown.
                assert len(changed) == 1 if before["draft"] else changed == {self._read_question()}, context
                assert after["signature"] == before["signature"], context
            case _:  # only what is filled in for a new signature, and it is on the check that follows
                assert not before["draft"], context
                assert before["signature"] == after["signature"], context
                assert all(value in (self.person.name, "KR") for value in after["draft"].values()), context

    def _read_question(self) -> str | None:
        """Tell which line the newest screen asks for."""
        if self.screen is None:
            return None
        steps = {action.partition(".")[0].removeprefix("own_") for action in list_actions(self.screen) if "." in action}
        asked = [
            line for line in LINES if line in steps or any(each in self.screen.text for each in self.questions[line])
        ]
        return asked[0] if len(asked) == 1 else None


def list_actions(screen: Screen) -> list[str]:
    """List the data of a screen's buttons."""
    return [button.action for row in screen.rows for button in row if isinstance(button, Press)]


async def read_answers(tx: Transaction, person_id: int) -> Kept:
    """Read the draft and the signature of a person."""
    row = await tx.one("SELECT draft FROM supporters WHERE id = :id", id=person_id)
    draft = orjson.loads(row["draft"]) if row else {}
    signed = await tx.one("SELECT name, country, reason FROM signatures WHERE supporter_id = :id", id=person_id)
    if signed is None:
        return {"draft": {line: draft[line] for line in LINES if line in draft}, "signature": {}}
    return {"draft": {}, "signature": dict(signed)}


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.sampled_from(PEOPLE), st.booleans(), STEPS)
@example(
    PEOPLE[2],
    False,
    [("command", COMMAND_NAMES.index("sign")), ("say", WORDS.index("한국")), ("edit", WORDS.index("Canada"))],
)
@example(PEOPLE[0], False, [("command", 1), ("newest", 0), ("command", 9), ("newest", 0), ("command", 0), ("say", 5)])
async def test_answers_change_only_as_answers_to_a_question_on_the_screen(
    campaign: Campaign,
    translators: Mapping[str, Translator],
    person: Person,
    has_signed: bool,
    acts: list[tuple[str, int]],
) -> None:
    asked = {
        "name": ("<b>What is your name?</b>", "<b>Type the new name.</b>"),
        "country": (),
        "reason": ("<b>Why are you signing?</b>", "<b>Why did you sign?</b>"),
    }
    questions = {line: {str(_(text)) for _ in translators.values() for text in texts} for line, texts in asked.items()}
    with TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{folder}/chatbot.db")
        access = TeamAccess(frozenset({YUNA}), 25.0, paid=False)
        dialog = Dialog(
            database, replace(campaign, is_open=True), translators, "https://t.me/petition_bot", team=access
        )
        walk = Watched(dialog, database, person, questions)
        walk.remarks = [editing.not_followed(_) for _ in translators.values()]
        if has_signed:
            await walk.signs()
        for act in acts:
            await walk.does(*act)
        await database.close()
