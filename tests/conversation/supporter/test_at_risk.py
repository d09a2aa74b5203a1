"""People in a country where signing is dangerous are told once how to leave fewer traces."""

from tests.support.chat import Chat

CAREFUL = "🛡 You can use a pen name"


async def choose_china(chat: Chat) -> None:
    await chat.begins()
    await chat.says("Sam")
    await chat.says("China")


async def test_warning_stays_as_long_as_its_check(sam: Chat) -> None:
    await choose_china(sam)
    assert sam.text.count(CAREFUL) == 1
    await sam.taps("☐")
    assert CAREFUL in sam.text, "the same message, with the box ticked"
    await sam.presses("speak:ko")
    assert "🛡" in sam.text, "they may not have understood it before"
    await sam.presses("speak:en")
    await sam.says("/privacy")
    await sam.taps("Continue signing")
    assert CAREFUL in sam.text, "they left before they went on"


async def test_warning_is_not_repeated_on_later_checks(sam: Chat) -> None:
    await choose_china(sam)
    for line, words in (("Name", "A friend"), ("Reason", "They are people."), ("Name", "A. Friend")):
        await sam.taps(f"✏️ {line}")
        await sam.says(words)
        assert "Ready to sign?" in sam.text
        assert CAREFUL not in sam.text
    await sam.says("OK")
    assert CAREFUL not in sam.text
    await sam.taps("✏️ Country")
    await sam.says("China")
    assert CAREFUL not in sam.text


async def test_text_or_an_edit_on_the_check_does_not_repeat_it(sam: Chat) -> None:
    await sam.begins()
    await sam.says("Sam")
    name = sam.written
    await sam.says("China")
    assert CAREFUL in sam.text
    await sam.edits("A friend", name)
    assert "👤 A friend" in sam.text
    assert CAREFUL not in sam.text
    await sam.says("OK")
    assert CAREFUL not in sam.text


async def test_choosing_such_a_country_shows_the_warning(sam: Chat) -> None:
    await sam.says("/sign")
    assert CAREFUL not in sam.text
    await sam.taps("✏️ Country")
    await sam.says("China")
    assert CAREFUL in sam.text


async def test_signer_who_changes_the_country_is_told(sam: Chat) -> None:
    await sam.signs()
    await sam.presses("me:country")
    await sam.says("China")
    assert CAREFUL in sam.text
