"""Each command prints what it did or why it failed, and has an exit code."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from chatbot import __version__
from chatbot.__main__ import main, make_parser
from chatbot.i18n import CATALOG
from chatbot.settings import BUNDLED_LOCALES, Settings
from chatbot.storage import open_database
from chatbot.storage.organizer import petition_status
from tests.support.limits import GIVE_UP

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def petition(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the bundled campaign, set as the petition."""
    copy = shutil.copytree(BUNDLED_LOCALES, tmp_path / "petition")
    environment.setenv("LOCALES_DIR", "petition")
    return copy


def break_text(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


# check


def test_check_succeeds_before_the_first_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert "#SaveMyFriend" in told.out
    assert told.out.endswith("There is no database yet; the first start makes it.\n")
    assert told.err == ""


def test_check_reports_a_missing_folder_of_the_database(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATABASE_URL", "sqlite:///missing/chatbot.db")
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    assert f"the first start cannot make it: there is no folder {Path.cwd() / 'missing'}" in told


def test_check_reports_a_closed_petition(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_text(petition / "campaign.toml", "is_open = true", "is_open = false")
    assert main(["check"]) == 0
    assert "in order, and closed. Carried over: 178,921 supporters." in capsys.readouterr().out


def test_check_reports_a_petition_that_was_closed_in_the_chat(capsys: pytest.CaptureFixture[str]) -> None:
    async def close() -> None:
        database = await open_database("sqlite:///chatbot.db")
        at = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
        await database.transact(petition_status.end, 0, "closed", {}, 1, at)
        await database.close()

    asyncio.run(close())
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert "Nobody can sign: in the chat the owners closed it on 2026-11-27." in told
    assert "in order, and closed. Carried over: 178,921 supporters." in told
    assert "and open;" not in told


def test_check_reports_a_language_that_the_campaign_does_not_list(
    petition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, file in (("ja", "appeal.html"), ("th", "notes.txt"), ("pictures", "appeal.html")):
        (petition / folder).mkdir()
        (petition / folder / file).write_text("")
    assert main(["check"]) == 0
    told = capsys.readouterr().out
    assert 'ja: nobody reads this folder; write "ja" into `languages` of campaign.toml if you meant to\n' in told
    assert "th: nobody" not in told
    assert "pictures" not in told


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("campaign.toml", "is_open = true", "is_open = yes"),
        ("en/appeal.html", "<p>", "<center>"),
        (f"ko/{CATALOG}", 'msgid "Later"\nmsgstr "나중에"', 'msgid "Later"\nmsgstr "{later}"'),
        (f"ko/{CATALOG}", 'msgid "Later"', 'msgid "Later'),
    ],
)
def test_check_names_the_file_that_is_wrong(
    petition: Path, capsys: pytest.CaptureFixture[str], file: str, before: str, after: str
) -> None:
    break_text(petition / file, before, after)
    assert main(["check"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(file)
    assert "Traceback" not in told.err


def test_check_names_the_setting_that_is_wrong(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("ORGANIZERS", "Yuna")
    assert main(["check"]) == 1
    assert capsys.readouterr().err.startswith("ORGANIZERS: must be")


# run


def test_run_asks_for_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("TELEGRAM_TOKEN: missing;")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("place", ["nowhere/chatbot.db", "petition"])
def test_run_names_the_setting_of_a_database_that_cannot_be_opened(
    environment: pytest.MonkeyPatch, petition: Path, capfd: pytest.CaptureFixture[str], place: str
) -> None:
    environment.setenv("TELEGRAM_TOKEN", "123456789:AAF-key_of_this_bot")
    environment.setenv("DATABASE_URL", f"sqlite:///{place}")
    assert main(["run"]) == 1
    assert capfd.readouterr().err.startswith(f"DATABASE_URL: {place}: ")


# demo


def list_files() -> list[str]:
    return sorted(file.name for file in Path("demo").iterdir())


async def test_demo_serves_its_page_until_it_is_interrupted() -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "demo", "--port", "0", "--fresh",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert demo.stdout
    assert demo.stderr
    try:
        async with asyncio.timeout(2 * GIVE_UP):  # the first start fills a database
            said = (await demo.stdout.readline()).decode()
            url = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert url, said
            [address] = re.findall(rb"file://(\S+/demo/page/index.html)", await demo.stdout.readline())
            assert b"python -m chatbot setup" in await demo.stdout.readline()
            while not Path(address.decode()).exists():  # noqa: ASYNC110, ASYNC240 - another process makes it
                await asyncio.sleep(0.05)
            async with aiohttp.ClientSession() as browser, browser.get(url[0]) as page:
                assert page.status == 200
                assert "<!doctype html>" in (await page.text()).lower()
            assert b"listening as @" in await demo.stderr.readline()
            demo.send_signal(signal.SIGINT)
            out, err = await demo.communicate()
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()
    assert (demo.returncode, out, err) == (0, b"", b"")
    assert list_files() == [
        "chatbot.db",
        "chatbot.db-broadcasting",
        "chatbot.db-cards",
        "chatbot.db-friends",
        "chatbot.db-jobs",
        "chatbot.db-listening",
        "chatbot.db-retention",
        "chatbot.db-watching",
        "page",
        "world.json",
    ]


def test_demo_names_a_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["demo", "--port", str(port)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"--port: {port} cannot be used (")
    assert told.err.endswith("; choose another\n")


def test_demo_names_a_folder_that_it_cannot_make(capsys: pytest.CaptureFixture[str]) -> None:
    Path("demo").write_text("a file", "utf-8")
    assert main(["demo", "--port", "0"]) == 1
    assert capsys.readouterr().err.startswith("demo/: cannot be written (")


# The rest


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sign", "invalid choice: 'sign'"),
        ("demo --port 65536", "--port: must be a number up to 65535"),
        ("demo --port -1", "--port"),
        ("demo --port http", "--port: must be a number up to 65535"),
        ("check --fresh", "unrecognized arguments: --fresh"),
    ],
)
def test_wrong_arguments_are_explained(capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_missing_command_shows_the_help_in_the_language_of_the_system(
    capsys: pytest.CaptureFixture[str], environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("LANG", "ko_KR.UTF-8")
    environment.setenv("LC_ALL", "ko_KR.UTF-8")
    assert main([]) == 2
    told = capsys.readouterr().out
    assert "청원에 필요한 것을 묻고 파일을 만듭니다" in told
    assert "버전을 보여 줍니다" in told
    assert "program's version" not in told


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_interruption_before_the_start_returns_130(environment: pytest.MonkeyPatch) -> None:
    def interrupted() -> Settings:
        raise KeyboardInterrupt

    environment.setattr("chatbot.app.commands.check.read_settings", interrupted)
    assert main(["check"]) == 130


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [[], ["--language", "en"]])
async def test_closed_pipe_ends_a_command_without_a_message(petition: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "chatbot", "check", *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=writing, stderr=asyncio.subprocess.PIPE)
    os.close(writing)
    _, told = await asyncio.wait_for(process.communicate(), GIVE_UP)
    assert (process.returncode, told.decode()) == (141, "")


def test_procfile_starts_existing_commands() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    kinds = dict(line.split(": ", 1) for line in lines)
    assert "worker" in kinds
    for command in kinds.values():
        python, *arguments = shlex.split(command)
        assert [python, *arguments[:2]] == ["python", "-m", "chatbot"]
        make_parser().parse_args(arguments[2:])


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "브라우저에서 봇을 체험합니다"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR.UTF-8"}, "브라우저에서 봇을 체험합니다"),
        ({"LANG": "C.UTF-8"}, "try the bot in the browser"),
        ({"LANG": "fr_FR"}, "try the bot in the browser"),
        ({}, "try the bot in the browser"),
    ],
)
def test_help_is_in_the_language_of_the_system(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], named: dict[str, str], said: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        environment.delenv(name, raising=False)
    for name, value in named.items():
        environment.setenv(name, value)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert said in capsys.readouterr().out
