"""Twenty channels are linked one by one, and change while a broadcast goes to them."""

import pytest

from chatbot.emulator import Gathering
from chatbot.emulator.world.places.gatherings import gather, share
from chatbot.transport.incoming.rate_limit import RateLimit
from tests.emulator.conftest import until
from tests.stories.test_posts_in_places import ENGLISH, read, read_code
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

HELD = 2
"""Seconds that Telegram asks the channels to wait that change meanwhile."""


@pytest.fixture
async def english_stage(empty_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage with 유나 as organizer, who reads English and taps faster than people can, and two subscribers."""
    monkeypatch.setattr("chatbot.transport.incoming.dispatcher.RateLimit", lambda *_: RateLimit(1_000))
    empty_stage.settings |= {"organizers": (empty_stage.actor("유나").id,), "broadcast_rate": 30.0}
    await empty_stage.opens()
    await empty_stage.tell("하나: /subscribe\nSam: /subscribe\n유나: /start")
    await until(lambda: not empty_stage.ledger.read("SELECT 1 FROM jobs"))
    await empty_stage.tell("유나: /language\n유나: [English]")
    return empty_stage


async def link(stage: Stage, title: str) -> Gathering:
    """Link a channel as an organizer does: by the button of /channels, and Telegram's list."""
    yuna = stage.actor("유나")
    channel = gather(stage.world, title, [yuna.person], kind="channel", bot=False)
    await stage.tell("유나: /channels\n유나: [➕ Link a channel or group]\nBot: (below) below the message field")
    share(stage.world, yuna.person, 1, channel)
    await yuna.waits()
    assert title in yuna.screen
    return channel


async def test_channels_linked_one_by_one_are_paused_and_unlinked_while_a_broadcast_runs(
    english_stage: Stage, wire: Wire
) -> None:
    stage = english_stage
    linked = [await link(stage, f"Choir {nth}") for nth in range(20)]
    assert len(stage.ledger.read("SELECT 1 FROM places WHERE language = 'en'")) == 20
    paused, unlinked, waits = linked[4], linked[11], linked[17]
    faults = [stage.emulator.faults.flood(HELD, "sendMessage", person=each.id) for each in (paused, unlinked, waits)]
    ticks = "\n".join(f"유나: [Choir {nth}, English]" for nth in range(20))
    story = ENGLISH.format(ticks=ticks).split("Bot: (later)")[0].replace("유나: /language\n유나: [English]\n", "")
    await stage.tell(story)
    await wire.until(lambda: all(each.hits for each in faults), GIVE_UP)
    await stage.tell(f"""
        유나: /channels
        유나: [📣 {paused.title}]
        유나: [⏸ Pause]
        유나: [Yes, pause]
        유나: /channels
        유나: [📣 {unlinked.title}]
        유나: [🔌 Unlink …]
        유나: [Yes, unlink]
    """)
    stage.emulator.faults.clear()
    yuna = stage.actor("유나")
    await yuna.awaits(lambda screen: f"{paused.title}: left out, because it's paused" in screen)
    assert f"{unlinked.title}: left out, because it isn't linked any more" in yuna.screen
    for place in linked:
        expected = [] if place in (paused, unlinked) else ["Our friend is free."]
        assert [each["text"] for each in read(stage, place)] == expected, place.title
    rows = stage.ledger.read("SELECT state, reason FROM place_deliveries WHERE state != 'sent' ORDER BY reason")
    assert [(row["state"], row["reason"]) for row in rows] == [("skipped", "paused"), ("skipped", "unlinked")]
    assert len(stage.ledger.read("SELECT 1 FROM deliveries WHERE state = 'sent'")) == 2
    assert read_code(stage, waits)
