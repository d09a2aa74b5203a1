"""Attack: after an export or a backup was killed, somebody reads the names in the files that it left."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatbot.app.commands.backup import back_up
from chatbot.app.commands.command import Terminal
from chatbot.app.commands.migrate import bring_up_to_date
from chatbot.jobs.file_places import find_folder
from chatbot.settings import Settings
from chatbot.storage import Transaction, open_database
from tests.attacks.crowded import find_named, name_of
from tests.support.bot_process import ROOT, environment
from tests.support.limits import GIVE_UP
from tests.support.signers import add_signer

pytestmark = pytest.mark.slow

PEOPLE = range(10**9, 10**9 + 2_000)
TRIES = 10
"""Several tries, because the command may end before it is killed."""
ANOTHER = "postgresql://chatbot@127.0.0.1/another"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of so many signatures that an export takes a while. All signers agreed to be named."""
    folder = tmp_path_factory.mktemp("state")
    asyncio.run(_sign(folder / "chatbot.db"))
    return folder


async def _sign(file: Path) -> None:
    database = await open_database(f"sqlite:///{file}")

    async def work(tx: Transaction) -> None:
        for person in PEOPLE:
            await add_signer(tx, person, name=name_of(person), language="en", first_number=1, named=True)

    await database.transact(work)
    await database.close()


@pytest.fixture
def settings(state: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{state}/chatbot.db")


@asynccontextmanager
async def started(state: Path, *arguments: str | Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a command of the bot; kill it at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatbot", *arguments),
        cwd=ROOT,
        env=environment(DATABASE_URL=f"sqlite:///{state}/chatbot.db"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def list_files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def is_begun(place: Path, kind: str) -> bool:
    """Whether a file is being made in `place`. A document has only an empty folder there until its end."""
    parts = [part for part in place.iterdir() if part.is_dir()]
    assert not [part for part in parts if part.stat().st_mode & 0o077], "only this user can read the folder"
    return any(kind == ".pdf" or any(part.iterdir()) for part in parts)


async def kill_in_the_middle(state: Path, place: Path, *command: str) -> Path:
    """Kill a command once it has begun to make a file in `place`; return the path that the file would have got."""
    kind, suffix, *options = command
    for nth in range(TRIES):
        target = place / f"names{nth}{suffix}"
        async with started(state, kind, target, *options) as process, asyncio.timeout(GIVE_UP):
            while process.returncode is None and not is_begun(place, suffix):  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.001)
        if not target.exists():
            assert process.returncode == -9
            return target
        target.unlink()
    raise AssertionError("the command always ended before it could be killed")


COMMANDS = ("export", ".csv"), ("export", ".xlsx"), ("export", ".pdf", "--what", "delivery"), ("backup", ".db")


async def test_next_start_clears_the_remains(state: Path, settings: Settings, tmp_path: Path) -> None:
    places = [tmp_path / suffix for _, suffix, *_ in COMMANDS]
    for place in places:
        place.mkdir()
    killed = zip(places, COMMANDS, strict=True)
    await asyncio.gather(*(kill_in_the_middle(state, place, *command) for place, command in killed))
    # Not in all: a command that ended before it was killed has cleared the remains in its folder.
    assert any(list_files(place) for place in places)
    await bring_up_to_date(settings, Terminal(out=io.StringIO()))
    assert [list_files(place) for place in places] == [[]] * 4
    assert list_files(state) == ["chatbot.db"]


async def test_next_backup_clears_the_remains_and_succeeds(state: Path, settings: Settings, tmp_path: Path) -> None:
    target = await kill_in_the_middle(state, tmp_path, "backup", ".db")
    await back_up(settings, target, Terminal(out=io.StringIO()))
    assert list_files(tmp_path) == [target.name]
    assert find_named(tmp_path) == set(PEOPLE)


async def test_start_keeps_the_files_of_a_running_export(state: Path, settings: Settings, tmp_path: Path) -> None:
    folder = find_folder(settings.database_url)
    async with folder.open() as inside, folder.open_beside(tmp_path / "names.csv") as beside:
        for each in (inside, beside):
            (each / "part-1.csv").write_text("Sam")
        await bring_up_to_date(settings, Terminal(out=io.StringIO()))
        assert [(each / "part-1.csv").read_text() for each in (inside, beside)] == ["Sam", "Sam"]
        with pytest.raises(FileExistsError):
            async with folder.open_beside(tmp_path / "names.csv"):
                pass
    assert list_files(tmp_path) == []
    assert list_files(state) == ["chatbot.db"]


async def test_next_start_clears_the_remains_of_a_bot_with_postgres(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are in a temporary folder. The start of a process with another database clears them, too."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.attacks.killed_writer", ANOTHER, str(tmp_path / "names.csv")), cwd=ROOT
    )
    assert await process.wait() == -9
    assert len(find_named(tmp_path)) == 2
    (tmp_path / "chatbot-of-somebody-else").mkdir()
    await bring_up_to_date(settings, Terminal(out=io.StringIO()))
    assert list_files(tmp_path) == ["chatbot-of-somebody-else"]


async def test_note_never_deletes_other_files(state: Path, settings: Settings, tmp_path: Path) -> None:
    """A person who can write a note could delete files anyway, but a damaged note must not."""
    precious = tmp_path / "precious.part"
    precious.mkdir()
    linked = tmp_path / ".linked.part"
    linked.symlink_to(precious)
    folder = find_folder(settings.database_url).path
    folder.mkdir(mode=0o700)
    for nth, text in enumerate(
        [str(precious), str(linked), "", "relative/.x.part", "\0", str(tmp_path / ".gone.part")]
    ):
        (folder / f"{nth}.beside").write_text(text)
    await bring_up_to_date(settings, Terminal(out=io.StringIO()))
    assert precious.is_dir()
    assert list_files(state) == ["chatbot.db"]
