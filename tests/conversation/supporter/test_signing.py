"""Signing, question by question: accepted and refused answers, and every button."""

from dataclasses import replace

import pytest

from chatbot.conversation.interface import Person
from chatbot.storage import Database
from chatbot.storage.people import signatures
from tests.support.chat import Chat


async def numbers(database: Database) -> list[int]:
    """List the numbers of all signatures, in order."""

    async def work(tx):
        return [row["number"] for row in await tx.all("SELECT number FROM signatures ORDER BY number")]

    return await database.transact(work)


async def test_supporter_signs_with_two_taps(sam: Chat, database: Database) -> None:
    await sam.says("/start")
    await sam.taps("Sign the petition")
    assert "👤 Sam Smith\n🇨🇦 Canada" in sam.text
    await sam.taps("✍️ Sign")
    assert "Thank you, Sam Smith" in sam.receipt
    assert "178,922" in sam.receipt

    signature = await database.transact(signatures.find, sam.person.id)
    assert signature is not None
    assert (signature.name, signature.country, signature.reason) == ("Sam Smith", "CA", None)


async def test_supporter_types_every_answer(hana: Chat, database: Database) -> None:
    await hana.begins()
    await hana.says("  김  하나 ")
    await hana.says("한국")
    await hana.taps("이유")
    await hana.says("친구를 구하고 싶습니다.")
    assert "김 하나" in hana.text
    assert "대한민국" in hana.text
    assert "친구를 구하고 싶습니다." in hana.text
    await hana.taps("서명하기")
    assert "178,922" in hana.receipt

    signature = await database.transact(signatures.find, hana.person.id)
    assert signature is not None
    assert (signature.name, signature.country, signature.reason) == ("김 하나", "KR", "친구를 구하고 싶습니다.")
    assert signature.language == "ko"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("   ", "at least one letter"),
        ("1234", "at least one letter"),
        ("x" * 101, "longer than 100"),
        ("see https://example.org", "link"),
        ("=HYPERLINK(1)", "begin with"),
        ("a" + "\u0301" * 30, "too many marks"),
    ],
)
async def test_refused_name_is_explained_and_asked_again(sam: Chat, typed: str, told: str) -> None:
    await sam.begins()
    await sam.says(typed)
    assert told in sam.text
    assert "What is your name?" in sam.text
    await sam.says("Sam")
    assert "Which country" in sam.text


@pytest.mark.parametrize("name", ["www.example.org", "🌸", "x" * 101])
async def test_profile_name_that_cannot_sign_is_not_offered_and_they_are_told(sam: Chat, name: str) -> None:
    sam.renamed(name)
    await sam.says("/sign")
    assert "name.profile" not in sam.actions
    assert "Your Telegram name can't be used" in sam.text
    await sam.says("Sam")
    assert "👤 Sam\n🇨🇦 Canada" in sam.text


async def test_misspelled_country_is_offered_and_north_korea_confirmed(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("North Korea")
    assert "North or South Korea" in sam.text
    assert {"country.KR", "country.KP"} <= set(sam.actions)
    await sam.says("Korea")
    assert "🇰🇷 South Korea" in sam.text


async def test_unknown_country_is_asked_again_with_examples(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("qwxyz")
    assert "Canada" in sam.text
    assert "country.CA" in sam.actions


async def test_too_long_reason_is_refused_with_its_length(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("country.CA")
    await sam.taps("Reason")
    await sam.says("why " * 130)
    assert "519" in sam.text
    assert "500" in sam.text
    await sam.taps("Back")
    assert "Ready to sign?" in sam.text


async def test_changing_a_line_leads_back_to_the_check(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("country.CA")
    await sam.taps("Name")
    await sam.says("Samuel")
    assert "Samuel" in sam.text
    await sam.taps("Country")
    await sam.taps("Keep “🇨🇦 Canada”")
    await sam.taps("Reason")
    await sam.says("Because.")
    assert "Ready to sign?" in sam.text
    assert "Because." in sam.text
    await sam.taps("Reason")
    await sam.taps("Keep")
    assert "Because." in sam.text
    await sam.taps("Reason")
    await sam.taps("Leave it out")
    assert "Because." not in sam.text


async def test_changing_a_line_offers_to_keep_it(sam: Chat) -> None:
    await sam.begins()
    assert "name.keep" not in sam.actions, "nothing comes before the name"
    await sam.says("Sam")
    assert "country.keep" in sam.actions
    await sam.says("Canada")
    await sam.taps("Reason")
    await sam.says("Because.")
    for line, typed in (("Name", "="), ("Country", "Congo"), ("Country", "?"), ("Reason", "?")):
        await sam.taps(line)
        await sam.says(typed)
        assert any(action.endswith(".keep") for action in sam.actions), typed
        await sam.taps("Keep")
        assert "Ready to sign?" in sam.text


async def test_sign_button_signs_only_what_it_was_shown_with(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("country.CA")
    shown_before = next(action for action in sam.actions if action.startswith("check.sign"))
    await sam.taps("Name")
    await sam.says("Samuel")
    await sam.presses(shown_before)
    assert "Ready to sign?" in sam.text
    assert "Samuel" in sam.text
    assert await numbers(database) == []


async def test_typing_at_the_check_asks_for_a_tap(sam: Chat, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("country.CA")
    await sam.says("yes")
    assert "Tap Sign" in sam.text
    assert await numbers(database) == []


@pytest.mark.parametrize("way", ["/cancel", "an old button"])
async def test_cancelling_discards_the_draft(sam: Chat, database: Database, way: str) -> None:
    await sam.begins()
    await sam.says("Secret Name")
    await (sam.says("/cancel") if way == "/cancel" else sam.presses("cancel"))
    assert "Nothing was signed" in sam.text
    rows = await database.transact(lambda tx: tx.all("SELECT step, draft FROM supporters"))
    assert [(row["step"], row["draft"]) for row in rows] == [("idle", "{}")]


async def test_other_commands_keep_the_draft(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("/read")
    await sam.says("/privacy")
    await sam.says("/start")
    assert "haven't finished signing" in sam.text
    await sam.taps("Continue signing")
    assert "Which country" in sam.text


@pytest.mark.parametrize("left_by", ["Later", "/help", "/updates"])
async def test_doubtful_name_replaces_none_until_its_button_is_tapped(sam: Chat, left_by: str) -> None:
    await sam.says("/sign")
    await sam.taps("✏️ Name")
    await sam.says("Why do you need my name?")
    yes = sam.actions[0]
    await (sam.says(left_by) if left_by.startswith("/") else sam.taps(left_by))
    await sam.says("/sign")
    assert "Ready to sign?" in sam.text
    assert "👤 Sam Smith" in sam.text
    await sam.taps("✏️ Name")
    await sam.says("Thank you so much!")
    await sam.presses(yes)
    assert "Type the new name" in sam.text, "the button shows another text"
    await sam.taps("Keep “Sam Smith”")
    assert "👤 Sam Smith" in sam.text


async def test_doubtful_name_is_dropped_for_the_one_before(sam: Chat) -> None:
    await sam.says("/sign")
    await sam.taps("✏️ Name")
    await sam.says("Why do you need my name?")
    await sam.taps("Keep “Sam Smith”")
    assert "Ready to sign?" in sam.text
    assert "👤 Sam Smith" in sam.text


async def test_commands_of_the_team_are_unknown_to_others_at_every_question(sam: Chat) -> None:
    for lead in ("/start", "/sign", "✏️ Name"):
        await (sam.says(lead) if lead.startswith("/") else sam.taps(lead))
        await sam.says("/nonsense")
        unknown = sam.screen
        await sam.says("/team")
        assert sam.screen == unknown


@pytest.mark.parametrize("typed", ["‹ Back", "back", "Back", "‹ 뒤로", "뒤로"])
async def test_typed_back_is_the_button_that_keeps_an_answer(sam: Chat, typed: str) -> None:
    """Where there is an answer, the button back names it."""
    await sam.says("/sign")
    for line in ("Reason", "Reason", "Name", "Country"):
        await sam.taps(f"✏️ {line}")
        await sam.says(typed)
        assert "👤 Sam Smith\n🇨🇦 Canada" in sam.text
        if line == "Reason" and "No reason given" in sam.text:
            await sam.taps("✏️ Reason")
            await sam.says("They are people.")
        assert "💬 They are people." in sam.text
    await sam.taps("✍️")
    for line in ("name", "country", "reason"):
        await sam.presses(f"me:{line}")
        await sam.says(typed)
        assert "Sam Smith" in sam.text
        assert "They are people." in sam.text


async def test_likely_countries_are_those_of_the_language(sam: Chat) -> None:
    for nth, (code, offered) in enumerate(
        (("en", ["US", "GB", "CA", "AU", "KR", "DE"]), ("en-GB", ["GB", "US"]), ("ko-KP", ["KR", "US"]))
    ):
        chat = Chat(sam.dialog, Person(sam.person.id + nth, "Sam", code))
        await chat.begins()
        chat.person = replace(chat.person, language_code=code)
        await chat.says("Sam")
        found = [each.removeprefix("country.") for each in chat.actions if each.startswith("country.")]
        assert found[: len(offered)] == offered


async def test_keeping_the_name_leads_to_the_country_again(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.taps("‹ Back")
    assert "Type the new name." in sam.text
    await sam.taps("Keep “Sam”")
    assert "Which country do you live in?" in sam.text
