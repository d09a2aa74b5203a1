"""Response times of genuine updates under attack: `python -m tests.benchmarks.http_server [--seconds 8]`.

In one run, with `web` in a process that may open 1,024 files (more if it raises its limit): without an attack; with
2,000 connections that send nothing, or half a header, and are reopened up to 1,000 times a second when they are
closed; with four clients that each send up to ten bodies a second which inflate from 200 KB to 200 MB; with both; and
with twenty readers of the public page who ask for it again at once, over new connections. Telegram brings 50 updates
a second, one of them over a new connection. A response later than five seconds counts as five. The attackers yield
the CPU to the bot, as if they ran on another machine. Loopback only.
"""

import argparse
import asyncio
import gzip
import os
import resource
import select
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from tests.attacks.raw_requests import Telegram, ask, measure_log, web_process, write_post
from tests.benchmarks.measuring import percentile, processor_seconds
from tests.support.free_ports import find_free_port

SILENT = 2_000
CLIENTS = 4
PATIENCE = 5.0
READERS = 20
RATE = 50
REOPENED, PAUSE = 20, 0.02


def stay_silent(port: int) -> None:
    """Hold connections and reopen those that were closed, until this process is killed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held: dict[int, socket.socket] = {}
    watch = select.poll()
    told = False
    while True:
        for _ in range(SILENT if not told else REOPENED):
            if len(held) >= SILENT:
                break
            try:
                each = socket.create_connection(("127.0.0.1", port), timeout=0.5)
                if len(held) % 2:
                    each.send(b"POST /telegram HTTP/1.1\r\nHost: x\r\n")
            except OSError:
                break  # nothing is accepted any more, which is what an attacker wants
            held[each.fileno()] = each
            watch.register(each.fileno(), select.POLLIN)
        if not told:
            sys.stdout.write("held\n")
            sys.stdout.flush()
            told = True
        time.sleep(PAUSE)
        for descriptor, _event in watch.poll(0):
            watch.unregister(descriptor)
            held.pop(descriptor).close()


async def throw_bombs(port: int) -> None:
    """Send compressed bodies until this process is killed."""
    bomb = write_post(gzip.compress(b"A" * 200_000_000), "Content-Encoding: gzip", "Connection: close")

    async def throw() -> None:
        while True:
            began = time.monotonic()
            with suppress(OSError):
                await ask(port, bomb, within=30)
            await asyncio.sleep(max(0.0, 0.1 + began - time.monotonic()))

    sys.stdout.write("throwing\n")
    sys.stdout.flush()
    await asyncio.gather(*(throw() for _ in range(CLIENTS)))


async def read_on(port: int) -> None:
    """Read the public page over and over until this process is killed."""
    page = b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: ko\r\nConnection: close\r\n\r\n"

    async def read() -> None:
        while True:
            with suppress(OSError):
                await ask(port, page)

    sys.stdout.write("reading\n")
    sys.stdout.flush()
    await asyncio.gather(*(read() for _ in range(READERS)))


@asynccontextmanager
async def attacker(what: str, port: int) -> AsyncIterator[None]:
    """Run a process that attacks; yields once it has said that it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.http_server", f"--{what}", str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def bring(port: int, secret: str, seconds: float) -> list[float]:
    """Bring genuine updates; return the response times."""
    waits: list[float] = []
    lanes = [Telegram(port, secret, 7_001 + nth) for nth in range(RATE)]
    ends = time.perf_counter() + seconds

    async def bring_on(nth: int, telegram: Telegram) -> None:
        await asyncio.sleep(nth / RATE)
        while time.perf_counter() < ends:
            began = time.perf_counter()
            try:
                async with asyncio.timeout(PATIENCE):
                    await telegram.brings(anew=nth == 0)
                waits.append(time.perf_counter() - began)
            except (TimeoutError, OSError, EOFError):
                waits.append(PATIENCE)
                telegram.leaves()
            await asyncio.sleep(max(0.0, 1 + began - time.perf_counter()))

    await asyncio.gather(*(bring_on(nth, each) for nth, each in enumerate(lanes)))
    for each in lanes:
        each.leaves()
    return waits


async def measure(name: str, attacks: tuple[str, ...], seconds: float) -> None:
    """Measure one combination of attacks and print the results."""
    port = find_free_port()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with tempfile.TemporaryDirectory() as folder:
        async with web_process(Path(folder), port, files=(1_024, hard), PUBLIC_PAGE="true") as (bot, secret):
            assert bot.process is not None
            await bring(port, secret, 1.0)
            async with AsyncExitStack() as stack:
                for attack in attacks:
                    await stack.enter_async_context(attacker(attack, port))
                written, used, began = measure_log(bot), processor_seconds(bot.process.pid), time.perf_counter()
                waits = await bring(port, secret, seconds)
                core = (processor_seconds(bot.process.pid) - used) / (time.perf_counter() - began)
                written = measure_log(bot) - written
    answered = sum(wait < PATIENCE for wait in waits)
    sys.stdout.write(
        f"{name:<36} {percentile(waits, 0.5) * 1000:>8.0f} {percentile(waits, 0.99) * 1000:>8.0f} ms"
        f" {answered:>6} of {len(waits):<5} {core:>5.0%} {written:>12,}\n"
    )
    sys.stdout.flush()


async def main() -> None:
    """Measure each combination, or run one attacker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--silent", type=int, metavar="PORT", help=argparse.SUPPRESS)
    parser.add_argument("--bombs", type=int, metavar="PORT", help=argparse.SUPPRESS)
    parser.add_argument("--readers", type=int, metavar="PORT", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.silent or asked.bombs or asked.readers:
        os.nice(10)
    if asked.silent:
        stay_silent(asked.silent)
    if asked.bombs:
        await throw_bombs(asked.bombs)
    if asked.readers:
        await read_on(asked.readers)
    sys.stdout.write(f"{'':<36} {'p50':>8} {'p99':>8}    {'answered':>14} {'core':>7} {'bytes of log':>12}\n")
    for name, attacks in (
        ("quiet", ()),
        ("2,000 silent sockets", ("silent",)),
        ("4 clients with packed bodies", ("bombs",)),
        ("both", ("silent", "bombs")),
        ("20 readers of the public page", ("readers",)),
    ):
        await measure(name, attacks, asked.seconds)


if __name__ == "__main__":
    asyncio.run(main())
