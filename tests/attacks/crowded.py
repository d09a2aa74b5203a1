"""A petition file in which thousands signed and were erased. Their random ids make SQLite split and merge its pages."""

import random
import re
import shutil
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final

from chatbot.petition.languages import Language
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.people import signatures, supporters
from chatbot.storage.privacy import erasure
from tests.support.cast import NOW

PEOPLE: Final = 4_000
_AT_ONCE: Final = 100
_ENGLISH: Final[Language] = "en"

Work = Callable[[Transaction, int], Coroutine[Any, Any, Any]]


def name_of(person: int) -> str:
    """Return a name that no other person has, and that cannot occur in the file by chance."""
    return f"Qz{person:x}xq Sam"


def reason_of(person: int) -> str:
    """Return a reason that is long enough to split pages."""
    return f"Because {person:x}xr " * 8


def code_of(person: int) -> str:
    """Return the person's share code."""
    return f"s-{person:x}xs"


def choose_people(count: int = PEOPLE) -> list[int]:
    """Return random Telegram ids."""
    return random.Random(7).sample(range(10**9, 8 * 10**9), count)


_WORDS: Final = re.compile(rb"(?:Qz|s-|Because )([0-9a-f]{6,})x[qrs]")
_IDS: Final = re.compile(rb"(?=(\0(?:\0[\x3b-\xff]|\x01.).{3}))", re.DOTALL)
"""Ids of this crowd as SQLite stores them: six bytes."""


def find_people(folder: Path) -> set[int]:
    """Find the people whose name, reason, code or id occurs in the bytes of a file below `folder`.

    A match of an id alone may be a coincidence.
    """
    found: set[int] = set()
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found |= {int(each, 16) for each in _WORDS.findall(content)}
            found |= {int.from_bytes(each) for each in _IDS.findall(content)}
    return found


def find_named(folder: Path) -> set[int]:
    """Find the people whose name, reason or code occurs in the bytes of a file below `folder`."""
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return {int(each, 16) for content in files for each in _WORDS.findall(content)}


async def come_and_go(database: Database, staying: Iterable[int], going: Iterable[int]) -> None:
    """Let everybody answer the questions and sign, except a third of `going`, who do not sign; erase all of `going`."""
    leaving = list(going)
    everybody = [*staying, *leaving]
    undecided = set(leaving[::3])
    chance = random.Random(8)
    chance.shuffle(everybody)
    await _each(database, everybody, _begin)
    for step in ("country", "reason", "check"):
        chance.shuffle(everybody)
        await _each(database, everybody, _answer(step))
    chance.shuffle(everybody)
    await _each(database, [person for person in everybody if person not in undecided], _sign)
    chance.shuffle(leaving)
    await _each(database, leaving, _erase)


async def make_crowded(file: Path, staying: Iterable[int], going: Iterable[int]) -> None:
    """Make such a file. It was not rewritten after the rows were deleted, as if the bot had been killed right then."""
    busy = file.with_name("busy.db")
    database = await open_database(f"sqlite:///{busy}")
    await come_and_go(database, staying, going)
    await database.close()
    shutil.move(busy, file)


async def _each(database: Database, people: Iterable[int], work: Work) -> None:
    waiting = list(people)
    for start in range(0, len(waiting), _AT_ONCE):
        batch = waiting[start : start + _AT_ONCE]

        async def work_all(tx: Transaction, batch: list[int] = batch) -> None:
            for person in batch:
                await work(tx, person)

        await database.transact(work_all)


async def _begin(tx: Transaction, person: int) -> None:
    await supporters.meet(tx, person, language=_ENGLISH, now=NOW)
    await supporters.give_share_code(tx, person, code_of(person))


def _answer(step: str) -> Work:
    async def answer(tx: Transaction, person: int) -> None:
        draft: dict[str, str | int | None] = {"name": name_of(person)}
        if step != "country":
            draft["country"] = "KR"
        if step == "check":
            draft["reason"] = reason_of(person)
        await supporters.store_step(tx, person, step=step, draft=draft, update_id=1, now=NOW)

    return answer


async def _sign(tx: Transaction, person: int) -> None:
    values = {"reason": reason_of(person), "source": None, "appeal_version": "v1", "first_number": 1}
    await signatures.add(
        tx, supporter_id=person, name=name_of(person), country="KR", language=_ENGLISH, now=NOW, **values
    )
    await supporters.store_step(tx, person, step="idle", draft={}, update_id=1, now=NOW)


async def _erase(tx: Transaction, person: int) -> None:
    await erasure.erase(tx, person, NOW)
