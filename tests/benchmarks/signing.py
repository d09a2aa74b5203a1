"""Signing rate: `python -m tests.benchmarks.signing [--seconds 8] [--supporters 100] [--profile]`.

In one run, durably, one process each: this bot and the bot of the textbooks, by webhook and by polling, and a bare
webhook of python-telegram-bot that decodes updates and does nothing. A complete signature is four updates with this bot
(start, sign, sign what is filled in, subscribe) and seven with the other one, which asks for each line. The last run
brings updates at half of the highest rate, and shows how long people wait.

With --profile it prints instead how this bot spends its CPU time while people sign by webhook; see `profiled`.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.fast_telegram import SECRET, TOKEN, FastTelegram
from tests.benchmarks.measuring import percentile, processor_seconds
from tests.support.free_ports import find_free_port

ROOT = Path(__file__).parents[2]
WARM_UP = 2.0


@dataclass
class Measured:
    """Results of one run of one bot."""

    signatures: float
    updates: float
    core: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return (
            f"{self.signatures:>9.0f} {self.updates:>9.0f} {self.core:>7.0%}"
            f" {self.p50 * 1000:>8.1f} / {self.p99 * 1000:.1f} ms"
        )


async def measure(
    way: str,
    *,
    textbook: bool,
    supporters: int,
    seconds: float,
    rate: float | None = None,
    account: Path | None = None,
) -> Measured:
    """Run one bot, let people sign, and count; write a profile of its CPU time to `account`, if given."""
    with tempfile.TemporaryDirectory() as folder:
        async with FastTelegram(supporters) as telegram:
            telegram.rate = rate
            port = find_free_port()
            hook = f"http://127.0.0.1:{port}/hook"
            environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING"}
            if textbook:
                rest = () if way == "polling" else (str(port), SECRET)
                program = ("-m", "tests.benchmarks.textbook_bot", telegram.url, TOKEN, f"{folder}/book.db", way, *rest)
            else:
                profiled = () if account is None else ("tests.benchmarks.profiled", str(account))
                program = ("-m", *(profiled or ("chatbot",)), "run" if way == "polling" else "web")
                environment |= {
                    "TELEGRAM_TOKEN": TOKEN,
                    "TELEGRAM_API_URL": telegram.url,
                    "WEBHOOK_URL": hook,
                    "WEBHOOK_SECRET": SECRET,
                    "PORT": str(port),
                }
            bot = await asyncio.create_subprocess_exec(sys.executable, *program, cwd=folder, env=environment)
            try:
                await asyncio.wait_for(telegram.listening.wait(), 30)
                if way != "polling":
                    await telegram.push_to(hook)
                telegram.begin(answers=way != "nothing")
                await asyncio.sleep(WARM_UP)
                telegram.reset()
                if account is not None:
                    bot.send_signal(signal.SIGUSR1)
                used, began = processor_seconds(bot.pid), time.perf_counter()
                await asyncio.sleep(seconds)
                took = time.perf_counter() - began
                core = (processor_seconds(bot.pid) - used) / took
                if account is not None:
                    bot.send_signal(signal.SIGTERM)
                    await bot.wait()
                waits = telegram.waits or [0.0]
                return Measured(
                    telegram.signed / took,
                    telegram.taken / took,
                    core,
                    percentile(waits, 0.5),
                    percentile(waits, 0.99),
                )
            finally:
                if bot.returncode is None:
                    bot.kill()
                await bot.wait()


async def show_profile(supporters: int, seconds: float) -> None:
    """Print the CPU time by package, and the places that use most of it."""
    with tempfile.TemporaryDirectory() as folder:
        account = Path(folder) / "account.json"
        measured = await measure("webhook", textbook=False, supporters=supporters, seconds=seconds, account=account)
        kept = json.loads(account.read_text())
    total = sum(kept["groups"].values())
    sys.stdout.write(f"{'whose code':<24} {'share':>6} {'each update':>12}\n")
    for group, used in sorted(kept["groups"].items(), key=lambda each: -each[1]):
        each = used / seconds / measured.updates
        sys.stdout.write(f"{group:<24} {used / total:>6.0%} {each * 1000:>9.3f} ms\n")
    sys.stdout.write("\nwhere the main thread is seen\n")
    for place, share in list(kept["places"].items())[:25]:
        sys.stdout.write(f"{share:>6.1%}  {place}\n")


async def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--supporters", type=int, default=100)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    if asked.profile:
        await show_profile(asked.supporters, asked.seconds)
        return
    sys.stdout.write(f"{'':<34} {'signed/s':>9} {'updates/s':>9} {'core':>7} {'waited p50/p99':>16}\n")
    found: dict[str, Measured] = {}

    async def show(name: str, way: str, *, textbook: bool, rate: float | None = None) -> None:
        measured = await measure(way, textbook=textbook, supporters=asked.supporters, seconds=asked.seconds, rate=rate)
        found[name] = measured
        sys.stdout.write(f"{name:<34} {measured}\n")
        sys.stdout.flush()

    for way in ("webhook", "polling"):
        await show(f"this bot, {way}", way, textbook=False)
        await show(f"textbook bot, {way}", way, textbook=True)
    await show("python-telegram-bot doing nothing", "nothing", textbook=True)
    half = found["this bot, webhook"].updates / 2
    await show(f"this bot, webhook, {half:.0f} updates/s", "webhook", textbook=False, rate=half)
    for way in ("webhook", "polling"):
        ours, theirs = (found[f"{bot}, {way}"].signatures for bot in ("this bot", "textbook bot"))
        told = f"{ours / theirs:.1f} times the textbook bot" if theirs else "the textbook bot needs more --seconds"
        sys.stdout.write(f"{way}: {told}\n")
    share = found["this bot, webhook"].updates / found["python-telegram-bot doing nothing"].updates
    sys.stdout.write(f"webhook: {share:.0%} of the updates that python-telegram-bot takes doing nothing\n")


if __name__ == "__main__":
    asyncio.run(main())
