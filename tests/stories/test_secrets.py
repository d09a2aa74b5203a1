"""No log contains the token, a name or a message, at any log level and whatever fails."""

import asyncio
import signal
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

FIRST, LAST, USERNAME = "Mallory-the-First", "비밀이름", "mallory_the_handle"
NAME, COUNTRY, REASON, WRONG = "Hidden-Name", "Xanadu-by-the-sea", "because-of-my-sister", "a-bug-hears-this"
SECRETS = (FIRST, LAST, USERNAME, NAME, COUNTRY, REASON, WRONG)

BUGS = f"""
import sys
from chatbot.__main__ import main
from chatbot.broadcasting import chat_limits
from chatbot.conversation.supporter import signing
from chatbot.transport.incoming import polling
from chatbot.transport.outgoing import rendering

def break_for(module, function, words):
    good = getattr(module, function)
    def bad(*arguments):
        if words in repr(arguments):
            raise KeyError(arguments)
        return good(*arguments)
    setattr(module, function, bad)

chat_limits.BURST = 10_000.0
break_for(signing, "read_reason", {WRONG!r})
break_for(rendering, "render_message", {REASON!r})
break_for(polling, "reduce_update", "the end of it all")
sys.exit(main(["run"]))
"""


@pytest.fixture
def wire() -> Wire:
    """Do not check the updates: some of them are in no schema."""
    return Wire(checked=False)


def assert_silent(bot: BotProcess, token: str) -> None:
    """Check that the log has no secret."""
    text = "\n".join(bot.log).lower()
    for secret in (*SECRETS, token, token.partition(":")[2]):
        assert secret.lower() not in text, secret
    assert "Traceback" not in text


async def test_log_names_nobody_whatever_fails(emulator: Emulator, wire: Wire, tmp_path: Path) -> None:
    world, faults = emulator.world, emulator.faults
    mallory = world.add_person(FIRST, LAST, "en", USERNAME)
    watch = world.watch(mallory)

    async def says(text: str) -> str:
        world.says(mallory, text)
        return str((await watch.next_message())["text"])

    async with BotProcess(emulator, tmp_path, "-c", BUGS, LOG_LEVEL="DEBUG") as bot:
        await says("/start")
        await says("/sign")
        await says(COUNTRY)
        for what in ({LAST: {"text": NAME}}, {"message": {"text": NAME}}, {"message": {"from": {"first_name": LAST}}}):
            world.inject(what)
        for answer in ("Canada", "Name", NAME, "Reason", WRONG):
            await says(answer)
        await bot.says("a turn failed")

        world.says(mallory, REASON)
        await bot.says("an answer could not be sent")
        faults.refuse(400, f'Bad Request: can\'t parse entities: unsupported tag "{NAME}"', "sendMessage", times=1)
        world.says(mallory, "/help")
        await bot.says("refused for its content")
        faults.disconnect("sendMessage", times=3)
        world.says(mallory, "/help")
        await bot.says("may have been sent")
        gone = faults.refuse(403, "Forbidden: bot was blocked by the user", "sendMessage", times=1)
        world.says(mallory, "/help")
        await gone.hit.wait()
        faults.disconnect("getUpdates", times=1)
        await says("/help")

        bot.lets_files_grow(False)
        # The write-ahead log reaches the limit soon, even if it was truncated just before.
        async with asyncio.timeout(GIVE_UP):
            while not any("nothing can be stored" in line for line in bot.log):
                world.says(mallory, "/help")
                await asyncio.sleep(0.1)
        bot.lets_files_grow(True)
        await watch.next_message()
        await emulator.stop()
        await bot.says("Cannot connect")
        await emulator.start()
        await bot.says("Telegram answers again")
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
    assert_silent(bot, emulator.token)


async def test_fatal_bug_names_nobody_in_the_log(emulator: Emulator, wire: Wire, tmp_path: Path) -> None:
    mallory = emulator.world.add_person(FIRST, LAST, "en", USERNAME)
    async with BotProcess(emulator, tmp_path, "-c", BUGS, LOG_LEVEL="DEBUG") as bot:
        emulator.world.starts(mallory)
        await wire.until(lambda: wire.calls["sendMessage"] > 0)
        emulator.world.says(mallory, f"{NAME} is the end of it all")
        assert await bot.ended() == 1
    assert "KeyError in" in bot.troubles[-1]
    assert_silent(bot, emulator.token)
