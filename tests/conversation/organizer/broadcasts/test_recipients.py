"""An organizer chooses who gets a broadcast, and reads whether anybody got it."""

import pytest

from chatbot.petition.broadcasts.outcome import Failed, Gone, Result, Sent
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import write_both


async def test_organizer_chooses_the_readers_of_one_language(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    await yuna.taps("Readers of English: 10")
    assert "<b>10</b> people" in yuna.text
    assert "only readers of English" in yuna.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    assert "✓ Readers of English: 10" in yuna.labels
    await yuna.taps("Everyone: 40")
    assert "<b>40</b> people" in yuna.text


async def test_organizer_writes_to_people_who_do_not_say_their_country(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 42), "ko", "ZZ")
    await driver.subscribe(range(42, 73), "en", "KR")
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    await yuna.taps("🌍 By country")
    assert [label for label in yuna.labels if "+" in label] == ["🇰🇷 South Korea 30+", "🌐 Not said 40+"]
    await yuna.taps("🌐 Not said 40+")
    await yuna.taps("Done")
    assert "only Not said" in yuna.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    assert "🌐 Not said …" in yuna.labels
    await yuna.presses(next(action for action in yuna.actions if ":countries:" in action))
    await yuna.says("South Korea")
    await yuna.taps("Done")
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    assert "🌍 Countries: 1 …" in yuna.labels


async def test_organizer_taps_and_types_countries(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 82), "ko", "KR")
    await driver.subscribe(range(82, 85), "en", "CA")
    await driver.subscribe(range(85, 93), "en")
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    await yuna.taps("🌍 By country")
    assert not [label for label in yuna.labels if "Canada" in label], "three are few, and typed"
    await yuna.taps("South Korea 80+")
    await yuna.again()
    assert "✓ 🇰🇷 South Korea 80+" in yuna.labels
    await yuna.says("kanada")
    assert "✓ 🇨🇦 Canada" in yuna.labels
    await yuna.says("North Korea")
    assert "Which Korea should get it" in yuna.text
    assert any("North Korea" in label for label in yuna.labels)
    await yuna.says("blah blah")
    assert "couldn't find that country" in yuna.text
    await yuna.sends("sticker")
    assert "couldn't find that country" in yuna.text
    await yuna.taps("Done")
    assert "This is what people will get" not in yuna.text, "her own words stand above"
    assert "<b>80+</b> of those who signed" in yuna.text
    assert "only South Korea and Canada" in yuna.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    await yuna.taps("🌍 Countries: 2")
    await yuna.taps("✓ 🇰🇷 South Korea")
    await yuna.taps("Done")
    assert "<b>at most 19</b> of those who signed" in yuna.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("👥 Audience")
    await yuna.taps("🌍 Countries: 1")
    await yuna.taps("All countries")
    await yuna.taps("Done")
    assert "<b>92</b> people" in yuna.text


async def test_broadcast_without_recipients_cannot_be_sent(yuna: Chat) -> None:
    await write_both(yuna)
    assert "Nobody would get it yet" in yuna.text
    assert not any("Send …" in label for label in yuna.labels)


@pytest.mark.parametrize("result", [Failed("flood"), Gone("blocked"), None])
async def test_report_says_when_nobody_got_it(ready: Chat, driver: BroadcastDriver, result: Result | None) -> None:
    await ready.taps("📣 Send")
    await ready.taps("Yes, send it")
    if result is None:
        await driver.unsubscribe(*range(1, 41))
    await driver.deliver_all(lambda _to: result or Sent())
    await ready.presses("broadcast:open:1")
    assert "🏁 <b>Finished.</b> Nobody got it." in ready.text
    assert "✅" not in ready.text
    assert "👥 Nobody has it." in ready.text


async def test_audience_says_who_has_no_text(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast Only in English")
    await yuna.taps("No Korean version")
    await yuna.taps("Readers of English")
    await yuna.taps("Settings")
    await yuna.taps("👥 Audience")
    assert "✓ Everyone: 40" in yuna.labels
    assert "readers of Korean get nothing" in yuna.text
