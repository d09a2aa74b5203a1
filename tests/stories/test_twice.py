"""Updates delivered twice, a hundred times, or to two processes make one signature with one number."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatbot.emulator import Emulator, World
from chatbot.emulator.world.watch import WatchEvent
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.crowd import Supporter, gather, numbers
from tests.support.database_reader import DatabaseReader
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

TO_CHECK = {
    "하나": "하나: /sign\n하나: [✏️ 이름]\n하나: 김하나\n봇: 이대로 서명",
    "Sam": "Sam: /sign\nSam: [✏️ Name]\nSam: Sam\nBot: Ready to sign?",
}
THANKS = {"하나": "김하나 님, 고맙습니다.", "Sam": "Thank you, Sam."}


def delivers_again(world: World, times: int) -> None:
    """Let Telegram ignore the confirmation of the next calls of getUpdates, this many."""
    fetch = world.updates.fetch
    left = times

    def stubborn(offset: int, limit: int) -> list[dict[str, Any]]:
        nonlocal left
        left -= bool(world.updates.waiting)
        return fetch(0 if left >= 0 else offset, limit)

    world.updates.fetch = stubborn  # type: ignore[method-assign]


def list_screens(actor: Actor) -> list[WatchEvent]:
    """List what the bot has shown since; its profile may change meanwhile, since it is published after the start."""
    return [event for event in actor.watch.taken_so_far() if event["type"] in ("message", "edited")]


@pytest.mark.parametrize("speaker", TO_CHECK)
async def test_update_delivered_a_hundred_times_makes_one_signature(stage: Stage, speaker: str) -> None:
    actor = await stage.tell(TO_CHECK[speaker])
    polls = stage.wire.calls["getUpdates"]
    delivers_again(stage.world, 100)
    await actor.taps("✍️")
    thanks = actor.above
    await stage.wire.until(lambda: stage.wire.calls["getUpdates"] >= polls + 100)
    assert THANKS[speaker] in thanks
    assert "178,922" in thanks
    assert list_screens(actor) == [], "and no other screen"
    stage.ledger.assert_consistent(signatures=1)


@pytest.mark.parametrize("speaker", TO_CHECK)
async def test_hundred_taps_at_once_make_one_signature(stage: Stage, speaker: str) -> None:
    actor = await stage.tell(TO_CHECK[speaker])
    sign = actor.find("✍️")["callback_data"]
    shown = actor.message["message_id"]
    taps = [stage.world.presses(actor.person, shown, sign) for _ in range(100)]
    await stage.wire.until_heard(stage.world)
    answered = [(await actor.watch.next_answer())["query_id"] for _ in taps]
    assert sorted(answered) == sorted(taps)
    thanks = await actor.watch.next_edit()
    assert THANKS[speaker] in thanks["text"]
    assert "178,922" in thanks["text"]
    assert "join:" in str(await actor.watch.next_screen()), "the question below it"
    assert list_screens(actor) == [], "and no other screen"
    stage.ledger.assert_consistent(signatures=1)


def number_updates(world: World, first: int) -> None:
    """Number the updates of this world from `first`."""
    world.updates.next_id, world.updates.last_added_at = first, world.clock()


async def sign_in_both(one: Supporter, other: Supporter) -> None:
    """Sign as one person whose every update reaches both processes, which both answer each step."""
    both = (one, other)
    for supporter in both:
        supporter.world.starts(supporter.person)
    while not (one.thanked and other.thanked):
        screens = [await supporter.watch.next_screen() for supporter in both]
        for supporter, screen in zip(both, screens, strict=True):
            supporter.looks_at(screen)


@pytest.mark.parametrize("apart", [0, 1_000_000])
async def test_update_reaching_two_processes_counts_once(tmp_path: Path, apart: int) -> None:
    """Equal ids are one update delivered twice at once; different ids are taps on two phones."""
    async with Emulator() as here, Emulator() as there:
        crowds = [gather(emulator.world, 60) for emulator in (here, there)]
        for n, emulator in enumerate((here, there)):
            number_updates(emulator.world, 500_000_000 + n * apart)
        async with BotProcess(here, tmp_path) as first, BotProcess(there, tmp_path) as second:
            await asyncio.gather(*(sign_in_both(*pair) for pair in zip(*crowds, strict=True)))
        assert first.troubles + second.troubles == []
    ledger = DatabaseReader(first.file)
    ledger.assert_consistent(signatures=60)
    assert numbers(crowds[0]) == numbers(crowds[1]) == ledger.numbers()


async def test_two_polling_processes_make_one_signature(tmp_path: Path) -> None:
    """Telegram allows one long poll at a time, and gives both processes the same updates when there are many."""
    async with Emulator() as emulator:
        crowd = gather(emulator.world, 60)
        async with BotProcess(emulator, tmp_path) as first, BotProcess(emulator, tmp_path) as second:
            await asyncio.gather(*(supporter.signs() for supporter in crowd))
        assert [line for line in first.troubles + second.troubles if "another instance" not in line] == []
    ledger = DatabaseReader(first.file)
    ledger.assert_consistent(signatures=60)
    assert numbers(crowd) == ledger.numbers()
