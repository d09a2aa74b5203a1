"""Gain of several processes: `python -m tests.benchmarks.processes [--most 3] [--seconds 6] [--supporters 100]`.

One PostgreSQL server and one, two, … `web` processes on it, each run with a new database; people sign as fast as they
are served, as in `signing`. Beside the signatures a second it prints how many cores everything used: `web`, the server,
and the simulated people. Throughput can rise only until all cores are used. Linux only.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.fast_telegram import SECRET, TOKEN, FastTelegram
from tests.benchmarks.measuring import processor_seconds
from tests.support.free_ports import find_free_port
from tests.support.postgres_server import PostgresServer, postgres_server

ROOT = Path(__file__).parents[2]
WARM_UP = 2.0
CONNECTIONS = 64
"""Updates in progress at once, shared among the processes: as many as Telegram might bring to any number of them."""


@dataclass
class Measured:
    """Results with this number of processes."""

    signatures: float
    web: float
    """Cores that the `web` processes used together."""
    machine: float
    """Cores that all processes on this machine used."""


def busy_seconds() -> float:
    """Return the CPU seconds that this machine has used; https://docs.kernel.org/filesystems/proc.html."""
    user, nice, system, _idle, _waiting, *others = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:])
    return (user + nice + system + sum(others[:2])) / os.sysconf("SC_CLK_TCK")


async def measure(server: PostgresServer, processes: int, *, supporters: int, seconds: float) -> Measured:
    """Start this many processes, let people sign, and count."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = stack.enter_context(server.fresh_database())
        telegram = await stack.enter_async_context(FastTelegram(supporters))
        webs = []
        ports = [find_free_port() for _ in range(processes)]
        for port in ports:
            environment = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "LOG_LEVEL": "WARNING",
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": telegram.url,
                "DATABASE_URL": database,
                # One address for all, as behind a load balancer, whose part the simulated people play.
                "WEBHOOK_URL": f"http://127.0.0.1:{ports[0]}/hook",
                "WEBHOOK_SECRET": SECRET,
                "PORT": str(port),
            }
            web = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "chatbot", "web", cwd=folder, env=environment
            )
            stack.push_async_callback(web.wait)
            stack.callback(web.kill)
            webs.append(web)
            await telegram.push_to(f"http://127.0.0.1:{port}/hook", CONNECTIONS // processes)
        telegram.begin()
        await asyncio.sleep(WARM_UP)
        telegram.reset()

        def used() -> float:
            return sum(processor_seconds(web.pid) for web in webs)

        web_used, all_used, began = used(), busy_seconds(), time.perf_counter()
        await asyncio.sleep(seconds)
        took = time.perf_counter() - began
        return Measured(telegram.signed / took, (used() - web_used) / took, (busy_seconds() - all_used) / took)


async def compare(server: PostgresServer, most: int, supporters: int, seconds: float) -> None:
    """Measure one, two, … processes and print the results."""
    cores = len(os.sched_getaffinity(0))
    sys.stdout.write(f"{'web':>4} {'signed/s':>9} {'ratio':>6} {'cores: web':>11} {'everything':>11} of {cores}\n")
    first = 0.0
    for processes in range(1, most + 1):
        measured = await measure(server, processes, supporters=supporters, seconds=seconds)
        first = first or measured.signatures
        sys.stdout.write(
            f"{processes:>4} {measured.signatures:>9.0f} {measured.signatures / first:>5.2f}x"
            f" {measured.web:>11.2f} {measured.machine:>11.2f}\n"
        )
        sys.stdout.flush()


def main() -> None:
    """Measure on a server of the tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--supporters", type=int, default=100)
    asked = parser.parse_args()
    with postgres_server() as server:
        if server is None:
            sys.exit("there is no PostgreSQL on this machine")
        asyncio.run(compare(server, asked.most, asked.supporters, asked.seconds))


if __name__ == "__main__":
    main()
