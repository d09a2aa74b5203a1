"""Cost of an idle bot: `python -m tests.benchmarks.idle [--times 5] [--settle 6]`.

In one run, against the emulator: this bot and the bot of the textbooks, each started several times while an update
waits. It prints the seconds from the start of the process to the first answer, the memory at rest some seconds later,
and the peak. The worst of the starts counts.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from chatbot.emulator import Emulator
from tests.benchmarks.measuring import memory

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measured:
    """Results of one start: seconds and megabytes."""

    answered_after: float
    at_rest: float
    at_most: float


async def measure(*, textbook: bool, settle: float) -> Measured:
    """Start a bot while a person waits for it, receive its answer, and then send nothing."""
    with tempfile.TemporaryDirectory() as folder:
        async with Emulator() as emulator:
            sam = emulator.world.add_person("Sam", language_code="en")
            environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING"}
            if textbook:
                program = (
                    "tests.benchmarks.textbook_bot",
                    emulator.url,
                    emulator.token,
                    f"{folder}/book.db",
                    "polling",
                )
            else:
                program = ("chatbot", "run")
                environment |= {"TELEGRAM_TOKEN": emulator.token, "TELEGRAM_API_URL": emulator.url}
            with emulator.world.watch(sam) as watch:
                emulator.world.starts(sam)
                began = time.perf_counter()
                bot = await asyncio.create_subprocess_exec(sys.executable, "-m", *program, cwd=folder, env=environment)
                try:
                    await watch.next_message(timeout=30)
                    answered_after = time.perf_counter() - began
                    await asyncio.sleep(settle)
                    return Measured(answered_after, memory(bot.pid), memory(bot.pid, "VmHWM"))
                finally:
                    bot.kill()
                    await bot.wait()


async def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--settle", type=float, default=6.0)
    asked = parser.parse_args()
    sys.stdout.write(f"{'':<14} {'first answer':>14} {'at rest':>10} {'at most':>10}\n")
    for name, textbook in (("this bot", False), ("textbook bot", True)):
        starts = [await measure(textbook=textbook, settle=asked.settle) for _ in range(asked.times)]
        answered = max(each.answered_after for each in starts)
        at_rest, at_most = max(each.at_rest for each in starts), max(each.at_most for each in starts)
        sys.stdout.write(f"{name:<14} {answered:>12.2f} s {at_rest:>7.0f} MB {at_most:>7.0f} MB\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
