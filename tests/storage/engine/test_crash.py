"""Real processes: killed while they sign, signing side by side, and signing on a disk that fills up."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from chatbot.storage import Database, Transaction, open_database
from tests.storage.conftest import on_sqlite
from tests.support.limits import GIVE_UP
from tests.support.signers import FIRST_NUMBER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

Check = Callable[[Database], Awaitable[None]]


async def start_signer(url: str, first_supporter: int, how_many: int, *options: str) -> Process:
    """Start a process that signs. It has opened the database, and waits for a line of input or its end."""
    arguments = ("-m", "tests.support.signing_process", url, str(first_supporter), str(how_many), *options)
    signer = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert signer.stdout is not None
    assert await signer.stdout.readline() == b"ready\n"
    return signer


async def finish(*signers: Process) -> list[dict[int, int]]:
    """Let all of them sign at once, and return what each acknowledged."""
    outputs = await asyncio.gather(*(signer.communicate(b"\n") for signer in signers))
    assert [signer.returncode for signer in signers] == [0] * len(signers)
    return [acknowledged(output.splitlines(keepends=True)) for output, _ in outputs]


def acknowledged(lines: list[bytes]) -> dict[int, int]:
    """Read the supporter and number of every acknowledged signature. A last line that the kill cut off is ignored."""
    words = [line.split() for line in lines if line.endswith(b"\n")]
    return {int(word[0]): int(word[1]) for word in words if len(word) == 2}


async def signed(tx: Transaction) -> dict[int, int]:
    rows = await tx.all("SELECT supporter_id, number FROM signatures")
    return {row["supporter_id"]: row["number"] for row in rows}


async def test_kill_9_loses_no_acknowledged_signature(url: str, assert_consistent: Check) -> None:
    seen: dict[int, int] = {}
    for life in range(4):
        signer = await start_signer(url, 1 + life * 1_000_000, 1_000_000)
        assert signer.stdin is not None
        assert signer.stdout is not None
        signer.stdin.close()
        lines = [await signer.stdout.readline() for _ in range(1 + life * 150)]
        signer.kill()
        lines += (await signer.stdout.read()).splitlines(keepends=True)
        assert await signer.wait() == -9
        assert len(acknowledged(lines)) >= 1 + life * 150
        seen |= acknowledged(lines)
    database = await open_database(url)
    kept = await database.transact(signed)
    assert {supporter: kept.get(supporter) for supporter in seen} == seen
    await assert_consistent(database)
    await database.close()


async def test_two_processes_sign_without_gap_or_repeat(url: str, assert_consistent: Check) -> None:
    signers = [await start_signer(url, 1 + nth * 1_000_000, 1500) for nth in range(2)]
    seen = await finish(*signers)
    numbers = [sorted(numbers.values()) for numbers in seen]
    assert max(low for low, *_ in numbers) < min(high for *_, high in numbers), "the processes signed at the same time"
    assert sorted(numbers[0] + numbers[1]) == list(range(FIRST_NUMBER, FIRST_NUMBER + 3000))
    database = await open_database(url)
    assert await database.transact(signed) == seen[0] | seen[1]
    await assert_consistent(database)
    await database.close()


async def test_one_supporter_in_two_processes_signs_once(url: str, assert_consistent: Check) -> None:
    first, second = await finish(*[await start_signer(url, 1, 1000) for _ in range(2)])
    assert not first.keys() & second.keys()
    database = await open_database(url)
    assert await database.transact(signed) == first | second
    assert len(first | second) == 1000
    await assert_consistent(database)
    await database.close()


@on_sqlite
async def test_signing_goes_on_after_a_full_disk_has_room_again(url: str, assert_consistent: Check) -> None:
    signer = await start_signer(url, 1, 2000, "--file-limit", "1000000")
    output, _ = await signer.communicate(b"\n")
    assert signer.returncode == 0
    lines = output.splitlines(keepends=True)
    assert b"lifted\n" in lines[1:-1], "signatures were acknowledged before and after"
    database = await open_database(url)
    assert await database.transact(signed) == acknowledged(lines)
    assert len(acknowledged(lines)) == 2000
    await assert_consistent(database)
    await database.close()


async def test_process_ends_without_closing_the_database(url: str) -> None:
    program = "import asyncio, sys; from chatbot.storage import open_database; asyncio.run(open_database(sys.argv[1]))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url)
    async with asyncio.timeout(GIVE_UP):
        assert await process.wait() == 0
