"""Showing, changing and exporting what is stored about a person."""

from dataclasses import replace

import orjson

from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import counters, listing, signatures, subscriptions
from chatbot.storage.people.signatures import Signature
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def own(database: Database, person_id: int) -> Signature:
    found = await database.transact(signatures.find, person_id)
    assert found is not None
    return found


async def test_signer_changes_each_line_and_the_counts_follow(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("join:en")
    before = await own(database, sam.person.id)
    await sam.says("/me")
    assert "Sam Smith" in sam.text
    await sam.taps("✏️ Name")
    await sam.says("=Sam")
    assert "can't begin with" in sam.text
    await sam.sends("sticker")
    assert "only read text" in sam.text
    await sam.says("Sam <S>")
    assert "can't have <code>&lt; &gt;</code>" in sam.text
    await sam.says("Sam & S.")
    assert "✅ Name changed: Sam Smith → Sam &amp; S." in sam.text
    await sam.taps("My data")
    await sam.taps("✏️ Country")
    await sam.says("qqqqqq")
    assert "couldn't find" in sam.text
    await sam.says("France")
    assert "✅ Country changed: 🇨🇦 Canada → 🇫🇷 France" in sam.text
    await sam.presses("me:country")
    await sam.says("Canada")
    await sam.presses("me:reason")
    await sam.says("Nobody should be sent back.")
    after = await own(database, sam.person.id)
    assert replace(after, name="", country="", reason=None) == replace(before, name="", country="")
    assert (after.name, after.country, after.reason) == ("Sam & S.", "CA", "Nobody should be sent back.")
    counted = await database.transact(counters.read_signatures_by_country)
    assert counted == {"CA": 1}
    subscription = await database.transact(subscriptions.find, sam.person.id)
    assert subscription is not None
    assert subscription.country == "CA"
    assert await find_problems(database) == []
    await sam.presses("me:reason")
    await sam.taps("Leave it out")
    await sam.taps("My data")
    await sam.taps("✏️ Name")
    await sam.taps("Keep “Sam")
    await sam.taps("✏️ Country")
    await sam.says("/cancel")
    assert "What we keep about you" in sam.text
    await sam.says("France")
    assert (await own(database, sam.person.id)) == replace(after, reason=None)


async def test_name_is_public_only_with_consent(sam: Chat, hana: Chat, database: Database) -> None:
    await hana.signs()
    await sam.says("/sign")
    shown_before = sam.actions[0]
    await sam.taps("☐ Show my name")
    await sam.presses(shown_before)
    assert "Ready to sign?" in sam.text, "the button belongs to another answer"
    await sam.taps("✍️ Sign")

    async def named(tx: Transaction) -> list[str]:
        return [row["name"] for row in await listing.list_named(tx, 0, 10)]

    assert await database.transact(named) == ["Sam Smith"]
    await sam.says("/me")
    yes = next(action for action in sam.actions if "named" in action)
    for _ in range(2):
        await sam.presses(yes)
        assert await database.transact(named) == []
    await sam.taps("☐ Show my name")
    assert await database.transact(named) == ["Sam Smith"]


async def test_withdrawing_ends_an_open_change(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.says("/me")
    await sam.taps("✏️ Name")
    asked = sam.actions[0]
    await sam.says("/withdraw")
    await sam.taps("Withdraw my signature")
    await sam.presses(asked)
    await sam.says("Somebody")
    assert await database.transact(signatures.count) == 0
    assert await find_problems(database) == []


async def test_personal_data_file_has_rows_of_every_table(chats: TeamChats) -> None:
    sam = chats.chat(1002, "Sam Smith")
    await sam.signs()
    await sam.says("/subscribe")
    await sam.says("/me")
    await sam.taps("📄")
    await sam.taps("📄")
    assert "on its way" in (sam.notice or "")
    await chats.run_jobs()
    _page, (to, name, content, _) = chats.jobs.chat_sender.files
    kept = orjson.loads(content)
    assert (to, name) == (1002, "about-me.json")
    assert kept["signatures"][0]["name"] == "Sam Smith"
    assert kept.keys() >= {"supporters", "signatures", "subscriptions"}


async def test_button_of_a_doubtful_name_takes_no_other_text(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("me:name")
    await sam.says("Why do you need my name?")
    old = sam.actions[0]
    await sam.says("Thank you so much!")
    await sam.presses(old)
    assert "Type the new name" in sam.text
    await sam.presses(old)
    await sam.presses("own_name.yes")
    assert (await own(database, sam.person.id)).name == "Sam Smith"
    await sam.says("What?")
    await sam.taps("Use “What?”")
    assert (await own(database, sam.person.id)).name == "What?", "they tapped the text itself"


async def test_change_can_be_undone_after_another_question_was_left(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("me:name")
    await sam.says("Samuel")
    undo = next(action for action in sam.actions if action.startswith("me:undo:"))
    await sam.presses("me:country")
    await sam.says("/start")
    await sam.presses(undo)
    assert (await own(database, sam.person.id)).name == "Sam Smith"
    await sam.presses(undo)
    assert (await own(database, sam.person.id)).name == "Sam Smith", "the second tap undoes nothing"


async def test_same_answer_changes_nothing_and_says_so(sam: Chat, database: Database) -> None:
    await sam.signs()
    before = await own(database, sam.person.id)
    for line, same in (("name", before.name), ("country", "Canada")):
        await sam.presses(f"me:{line}")
        await sam.says(same)
        assert sam.text.startswith("That's what your signature already says.")
        assert "changed" not in sam.text
        assert not [label for label in sam.labels if "Undo" in label]
    await sam.presses("me:country")
    await sam.presses("own_country.CA")
    assert sam.text.startswith("That's what your signature already says.")
    assert await own(database, sam.person.id) == before
