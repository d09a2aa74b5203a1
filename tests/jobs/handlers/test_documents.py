"""Jobs make requested documents and send them despite failures, and leave no files behind."""

import asyncio
import io
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import load_workbook

from chatbot.documents import csv_file
from chatbot.documents.process import DocumentError, DocumentProcess
from chatbot.documents.table import Made
from chatbot.jobs.private_files import Folder
from chatbot.jobs.runner import TRIES
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.job import RetryLaterError
from chatbot.settings import BUNDLED_LOCALES
from tests.support.cast import YUNA
from tests.support.fake_job_context import JobDriver
from tests.support.limits import GIVE_UP

REQUEST = ExportRequest("signatures", "csv", "en")


async def ask(driver: JobDriver, request: ExportRequest = REQUEST) -> None:
    await driver.add("document", **request.to_details())


def left_behind(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def test_file_arrives_with_its_caption(driver: JobDriver) -> None:
    await driver.sign(1, 3)
    await ask(driver)
    await driver.runner().finish()
    [(chat, name, content, caption)] = driver.chat_sender.files
    assert (chat, name) == (YUNA, "signatures-savemyfriend-en-2026-11-24.csv")
    assert content.decode("utf-8-sig").count("\r\n") == 4
    assert "3 signatures" in caption
    assert left_behind(driver.context.folder.path) == []


async def test_parts_arrive_once_in_order_despite_floods(driver: JobDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "LARGEST", 200)
    monkeypatch.setattr("chatbot.documents.signatures.AT_ONCE", 1)
    await driver.sign(1, 3)
    driver.chat_sender.trouble.extend([None, RetryLaterError(0), None, RetryLaterError(0.01, unsure=True), None])
    await ask(driver)
    await driver.runner().finish()
    assert [name for _, name, _, _ in driver.chat_sender.files] == [
        f"signatures-savemyfriend-en-2026-11-24-{nth}-of-3.csv" for nth in (1, 2, 3)
    ]
    assert "File 2 of 3" in driver.chat_sender.files[1][3]
    assert await driver.left() == []


async def test_document_for_a_gone_chat_ends_the_job(driver: JobDriver) -> None:
    await driver.sign(1, 1)
    driver.chat_sender.gone.add(YUNA)
    await ask(driver)
    await driver.runner().finish()
    assert (driver.chat_sender.files, await driver.left()) == ([], [])


async def test_owner_is_told_there_is_nothing_to_export(driver: JobDriver) -> None:
    await ask(driver, replace(REQUEST, first_day=date(2020, 1, 1), last_day=date(2020, 1, 2)))
    await driver.runner().finish()
    assert driver.chat_sender.files == []
    assert "nothing to export" in driver.chat_sender.shown[0][1]


async def test_next_start_removes_files_of_a_crash(driver: JobDriver) -> None:
    forgotten = driver.context.folder.path / "tmpabc" / "part-1.csv"
    forgotten.parent.mkdir(parents=True)
    forgotten.write_text("김하나")
    runner = driver.runner()
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(GIVE_UP):
        while forgotten.exists():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)
    runner.stop()
    await running


async def test_folder_is_private_and_removed_on_cancellation(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    modes = []

    async def work() -> None:
        async with folder.open() as place:
            modes.extend(each.stat().st_mode & 0o777 for each in (place, folder.path))
            (place / "part-1.csv").write_text("x")
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await work()
    assert modes == [0o700, 0o700]
    assert left_behind(folder.path) == []


# The child process


@pytest.fixture
def documents(driver: JobDriver, tmp_path: Path) -> DocumentProcess:
    return DocumentProcess(f"sqlite:///{tmp_path}/chatbot.db", (BUNDLED_LOCALES,), ("ko", "en"), "INFO", ())


async def test_child_process_makes_a_file_only_its_owner_can_read(
    driver: JobDriver, documents: DocumentProcess, tmp_path
) -> None:
    await driver.sign(1, 2)
    made = await documents.make(replace(REQUEST, format="xlsx"), tmp_path)
    assert made == Made((tmp_path / "part-1.xlsx",), 2)
    assert made.files[0].stat().st_mode & 0o777 == 0o600
    sheet = load_workbook(io.BytesIO(made.files[0].read_bytes())).active
    assert sheet is not None
    assert sheet.max_row == 3


async def test_failing_child_process_logs_no_name(
    driver: JobDriver, documents: DocumentProcess, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    await driver.sign(1, 1, name="김하나", country="QQ")  # not a country
    with pytest.raises(DocumentError):
        await documents.make(REQUEST, tmp_path)
    told = capfd.readouterr().err
    assert "KeyError" in told
    assert "하나" not in told


async def test_cancellation_ends_the_child_process(
    driver: JobDriver, documents: DocumentProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, children, create = asyncio.Event(), [], asyncio.create_subprocess_exec

    async def note(*program: Any, **options: Any) -> Process:
        children.append(await create(*program, **options))
        started.set()
        return children[0]

    monkeypatch.setattr("chatbot.documents.process.asyncio.create_subprocess_exec", note)
    made = asyncio.create_task(documents.make(REQUEST, tmp_path))
    await asyncio.wait_for(started.wait(), GIVE_UP)
    made.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(made, GIVE_UP)
    assert [child.returncode for child in children] == [-signal.SIGKILL]


async def test_former_owner_gets_no_document(driver: JobDriver) -> None:
    await driver.sign(1, 1)
    driver.context = replace(driver.context, configured_owners=frozenset())
    await ask(driver)
    await driver.runner().finish()
    assert (driver.chat_sender.files, driver.chat_sender.shown, await driver.left()) == ([], [], [])


async def test_child_process_exits_when_its_parent_is_gone(
    driver: JobDriver, documents: DocumentProcess, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "chatbot.db", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")  # the child process waits for the database
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatbot.documents"), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        request = {
            "database_url": documents.database_url,
            "locales": [str(each) for each in documents.locales],
            "languages": list(documents.languages),
            "folder": str(tmp_path),
            "export": REQUEST.to_details(),
            "log_level": "INFO",
            "secrets": [],
        }
        # Closes stdin. A child that does not see it ends with another code once its wait for the lock is over.
        _, told = await asyncio.wait_for(process.communicate(orjson.dumps(request) + b"\n"), GIVE_UP)
    assert (process.returncode, told) == (1, b"")


async def test_owner_is_told_when_the_document_is_given_up(driver: JobDriver, caplog: pytest.LogCaptureFixture) -> None:
    await driver.sign(1, 1, country="QQ")  # not a country
    await ask(driver)
    for _ in range(TRIES + 1):
        await driver.runner().finish()
        driver.passes(hours=1)
    [(chat, told)] = driver.chat_sender.shown
    assert chat == YUNA
    assert "couldn't make the file" in told
    assert await driver.left() == []
    assert "given up" in caplog.text
