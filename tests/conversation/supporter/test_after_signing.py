"""After signing: the number of friends who signed, the switch for messages about it, and what else can be done."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action, ActionWords
from chatbot.petition.model import Campaign
from chatbot.storage import Database
from chatbot.storage.people import friends
from tests.support.cast import HANA, SAM
from tests.support.chat import Chat

LINK = "https://t.me/SaveMyFriendBot"
WORDS = {"en": ActionWords("Write to them", "Please write.", "Hello", "Please act. {link}")}
ACTIONS = (
    Action("mail", "mail", WORDS, to="office@example.org"),
    Action(
        "canada", "call", {"en": ActionWords("Call them", "Say who you are.")}, frozenset({"CA"}), phone="+1 555 0100"
    ),
    Action("korean", "link", {"ko": ActionWords("읽기", "읽어 주세요.")}, url="https://example.org"),
    Action("post", "post", {"en": ActionWords("Post it", "Please post.", post="Sign with me")}),
    Action("china", "link", {"en": ActionWords("Be safe", "Read this.")}, frozenset({"CN"}), url="https://example.org"),
)


@pytest.fixture
def dialog(database: Database, campaign: Campaign, translators: Mapping[str, Translator]) -> Dialog:
    return Dialog(database, replace(campaign, is_open=True, actions=ACTIONS), translators, LINK)


async def sign(dialog: Dialog, person: int = SAM, country: str = "Canada") -> Chat:
    chat = Chat(dialog, Person(person, "Sam Taylor", "en"))
    await chat.says("/sign")
    await chat.taps("✏️ Country") if "Ready to sign" in chat.text else None
    await chat.says(country)
    await chat.taps("✍")
    return chat


async def test_returning_signer_gets_one_action_after_the_other(dialog: Dialog) -> None:
    sam = await sign(dialog)
    await sam.says("/sign")
    assert "What you can do now:</b> Write to them" in sam.text
    await sam.taps("➡️ Write to them")
    assert "office@example.org" in sam.text
    assert f"Please act. {LINK}?start=s-" in sam.text
    await sam.taps("I've done this")
    assert sam.notice == "✅ Thank you!"
    assert "+1 555 0100" in sam.text, "the next one is for Canada"
    await sam.taps("Something else")
    assert f"{LINK}?start=s-" in sam.text
    assert "Sign with me" in sam.text
    await sam.taps("I've done this")
    assert "Call them" in sam.text, "what they passed over comes again"
    await sam.says("/start")
    assert "➡️ Call them" in sam.labels
    await sam.taps("➡️ Call them")
    await sam.taps("I've done this")
    assert "everything that we could think of" in sam.text
    await sam.says("/sign")
    assert "act:" not in str(sam.actions)


async def test_what_was_done_is_a_small_set_that_forgets_old_actions(
    dialog: Dialog, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    sam = await sign(dialog)
    for _again in range(3):
        await sam.presses("act:mail:done")
    await sam.presses("act:post:done")
    await sam.presses("act:nonsense:done")
    await sam.presses("act:korean:done")  # is not offered to them
    assert await read_done(database) == "mail post"
    sam.dialog = Dialog(database, replace(campaign, is_open=True, actions=ACTIONS[1:]), translators, LINK)
    await sam.presses("act:canada:done")
    assert await read_done(database) == "canada post"


async def read_done(database: Database) -> str:
    row = await database.transact(lambda tx: tx.one("SELECT actions_done FROM supporters WHERE id = :id", id=SAM))
    assert row is not None
    return str(row["actions_done"])


async def test_signer_at_risk_is_offered_only_what_names_their_country(dialog: Dialog) -> None:
    sam = await sign(dialog, country="China")
    await sam.says("/sign")
    assert "➡️ Be safe" in sam.labels
    await sam.presses("act:post")
    assert "Post it" not in sam.text
    await sam.presses("act:china:done")
    assert "everything" in sam.text


async def test_nothing_is_offered_before_signing_and_after_the_end(
    dialog: Dialog, database: Database, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    hana = Chat(dialog, Person(HANA, "하나", "ko"))
    await hana.says("/start")
    await hana.presses("act:mail")
    assert "서명하기" in str(hana.labels)
    sam = await sign(dialog)
    sam.dialog = Dialog(database, replace(campaign, is_open=False, actions=ACTIONS), translators, LINK)
    await sam.presses("act:mail:done")
    assert "office@example.org" not in sam.text
    assert "➡️" not in str(sam.labels)
    assert await read_done(database) == ""


async def test_number_of_friends_is_under_me_and_where_they_come_back(dialog: Dialog, database: Database) -> None:
    sam = await sign(dialog)
    await database.transact(lambda tx: tx.run("UPDATE supporters SET friends_signed = 4"))
    for command in ("/start", "/sign", "/share", "/me"):
        await sam.says(command)
        assert "<b>4</b> people have signed through your link" in sam.text, command
    await sam.taps("☑ Tell me when friends sign")
    assert "☐ Tell me when friends sign" in sam.labels
    sharer = await database.transact(friends.find_sharer, SAM)
    assert sharer is not None
    assert not sharer.is_reachable
    await sam.taps("☐ Tell me when friends sign")
    assert "☑ Tell me when friends sign" in sam.labels
    await sam.presses("friends:mute")
    assert "won't write to you about your link" in sam.text
    await sam.taps("🔔 Tell me again")
    assert "1, 3, 10 and 100" in sam.text
    await sam.presses("friends:nonsense")
    assert "1, 3, 10 and 100" not in sam.text
