"""A volunteer types the set-up at a real terminal, starts the bot and follows her link; then the first person signs."""

import re
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.database_reader import DatabaseReader
from tests.support.free_ports import find_free_port
from tests.support.proxies import PASSWORD, run_proxy
from tests.support.recorded_calls import Wire
from tests.support.tls import make_certificates
from tests.support.typed_terminal import TypedTerminal

pytestmark = pytest.mark.slow

CTRL_C, CTRL_D = "\x03", "\x04"
MESSAGE = """Done! Congratulations on your new bot. You will find it at t.me/petition_bot.

Use this token to access the HTTP API:
{token}
Keep your token secure and store it safely, it can be used by anyone to control your bot."""
NOTHING = "\n아무것도 바뀌지 않았습니다.\n"
MAIN = "import sys; from chatbot.__main__ import main; sys.exit(main(['run']))"
"""A process of its own, which reads the certificates anew."""
LANGUAGE, TOKEN = "질문에 쓸 언어", "봇 토큰"
NEW_CAMPAIGN = (
    ("어떤 청원을 운영하시나요?", "2"),
    ("파일을 둘 폴더의 이름", ""),
    ("청원에 쓸 언어", "1"),
    ("한국어: 청원의 제목", "숲을 지켜 주세요"),
    ("한국어: 누구에게 보내는 청원인가요?", "시장"),
    ("한국어: 청원을 시작하는 사람이나 단체", "숲 모임"),
    ("한국어: 이 청원이 왜 중요한가요?", "마을의 마지막 숲이 사라지려 합니다."),
    ("한국어: 무엇을 요구하나요?", "개발 허가를 거두어 주십시오."),
    ("해시태그", "숲을지켜요"),
    ("개인정보에 관해 물어볼 연락처", "forest@example.org"),
    ("서명을 어디에 보관할까요?", "1"),
    ("봇이 메시지를 어떻게 받을까요?", "1"),
    ("모두 맞나요?", "1"),
)
"""What is asked after the token, and answered."""
TEXT, LAST = NEW_CAMPAIGN[3][0], NEW_CAMPAIGN[-1][0]


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


@pytest.fixture
def open_terminal(emulator: Emulator, tmp_path: Path) -> Callable[..., TypedTerminal]:
    """Open a terminal in an empty folder, on a Korean system."""

    def open_terminal() -> TypedTerminal:
        return TypedTerminal(tmp_path, "setup", TELEGRAM_API_URL=emulator.url, LANG="ko_KR.UTF-8")

    return open_terminal


async def answer(terminal: TypedTerminal, token: str, until: str = "") -> None:
    """Answer all questions, or those before the question `until`, which is asked then."""
    for question, typed in ((LANGUAGE, "1"), (TOKEN, token), *NEW_CAMPAIGN):
        await terminal.expects(question)
        await terminal.expects("> ")
        if question == until:
            return
        assert question != TOKEN or not terminal.shows_typing
        terminal.types(typed)


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


async def test_petition_is_signed_minutes_after_the_first_question(
    emulator: Emulator, wire: Wire, tmp_path: Path, open_terminal: Callable[..., TypedTerminal]
) -> None:
    world, began = emulator.world, time.monotonic()
    async with open_terminal() as terminal:
        await answer(terminal, MESSAGE.format(token=emulator.token))
        assert await terminal.ended() == 0, terminal.screen
        screen = terminal.screen
    assert "\n청원 제목: 숲을 지켜 주세요\n" in screen
    assert emulator.token not in screen
    assert "Keep your token secure" not in screen, "the rest of the message answers nothing"
    assert max(len(line) for line in re.sub(r"\x1b\[[0-9;]*m", "", screen).splitlines() if "█" in line) <= 80
    [link] = re.findall(r"^ {4}https://t\.me/(\S+)$", screen, re.MULTILINE)
    username, _, payload = link.partition("?start=")
    assert username == world.bot.username
    settings = {"TELEGRAM_TOKEN": "", "DATABASE_URL": ""}
    async with BotProcess(emulator, tmp_path, **settings) as bot:
        await bot.says("listening as")
        yuna = Actor(world, wire, world.add_person("유나", language_code="ko"))
        await yuna.says(f"/start {payload}")
        await yuna.taps("네, 책임자가 되겠습니다")
        assert "🧭 운영" in yuna.screen
        hana = Actor(world, wire, world.add_person("하나", language_code="ko"))
        assert "숲을 지켜 주세요" in await hana.says("/start")
        await hana.taps("서명하기")
        await hana.presses("country.KR")
        await hana.taps("✍️")
        assert "1" in hana.above + hana.screen
        assert bot.troubles == []
    signature = DatabaseReader(tmp_path / "chatbot.db").signature(hana.id)
    assert signature is not None
    assert time.monotonic() - began < 300


@pytest.mark.parametrize(("key", "questions"), [(CTRL_C, (LANGUAGE, TOKEN, TEXT, LAST)), (CTRL_D, (TOKEN, TEXT))])
async def test_end_at_a_question_leaves_nothing(
    emulator: Emulator,
    tmp_path: Path,
    open_terminal: Callable[..., TypedTerminal],
    key: str,
    questions: tuple[str, ...],
) -> None:
    """Each kind of question; `tests/app/setup/test_guided.py` ends at every one, without a terminal."""
    for question in questions:
        async with open_terminal() as terminal:
            await answer(terminal, emulator.token, until=question)
            assert await terminal.ended_by(key, NOTHING) == (130 if key == CTRL_C else 1), terminal.screen
            assert terminal.shows_typing, question
            assert "Traceback" not in terminal.screen
        assert read_files(tmp_path) == {}, question


async def test_ctrl_c_while_telegram_is_asked_leaves_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with TypedTerminal(tmp_path, "setup", TELEGRAM_API_URL=address, LANG="ko_KR.UTF-8") as terminal:
            await answer(terminal, "", until=TOKEN)
            terminal.types("424242:a-token-that-opens-nothing")
            await terminal.expects("텔레그램에 확인하는 중")
            assert await terminal.ended_by(CTRL_C, NOTHING) == 130, terminal.screen
            assert "Traceback" not in terminal.screen
    assert read_files(tmp_path) == {}


async def test_closed_terminal_leaves_nothing(
    emulator: Emulator, tmp_path: Path, open_terminal: Callable[..., TypedTerminal]
) -> None:
    for question in (TOKEN, TEXT):
        async with open_terminal() as terminal:
            await answer(terminal, emulator.token, until=question)
            terminal.hangs_up()
            assert await terminal.ended() != 0
        assert read_files(tmp_path) == {}, question


async def test_second_set_up_keeps_everything_by_enter(
    emulator: Emulator, tmp_path: Path, open_terminal: Callable[..., TypedTerminal]
) -> None:
    async with open_terminal() as terminal:
        await answer(terminal, emulator.token)
        assert await terminal.ended() == 0, terminal.screen
    before = {name: content for name, content in read_files(tmp_path).items() if "chatbot.db" not in name}
    async with open_terminal() as terminal:
        for _ in range(6):
            await terminal.expects("> ")
            terminal.types("")
        assert await terminal.ended() == 0, terminal.screen
        assert f"[@{emulator.world.bot.username}] > " in terminal.screen
        assert emulator.token not in terminal.screen
    assert {name: content for name, content in read_files(tmp_path).items() if "chatbot.db" not in name} == before


async def test_run_without_a_token_names_the_set_up(emulator: Emulator, tmp_path: Path) -> None:
    for command in ("run", "web"):
        async with TypedTerminal(tmp_path, command, WEBHOOK_URL="https://example.org/telegram") as terminal:
            assert await terminal.ended() == 1
            assert "python -m chatbot setup" in terminal.screen


async def test_run_at_a_terminal_shows_the_link(emulator: Emulator, tmp_path: Path) -> None:
    settings = {"TELEGRAM_TOKEN": emulator.token, "TELEGRAM_API_URL": emulator.url, "LANG": "ko_KR.UTF-8"}
    async with TypedTerminal(tmp_path, "run", **settings) as terminal:
        await terminal.expects("이 청원에는 아직 책임자가 없습니다.")
        await terminal.expects(f"https://t.me/{emulator.world.bot.username}?start=own_")
        terminal.presses(CTRL_C)
        assert await terminal.ended() == 0, terminal.screen


async def test_setup_succeeds_behind_a_proxy_with_an_authority_of_its_own(
    emulator: Emulator, tmp_path: Path, wire: Wire
) -> None:
    """Telegram is blocked; the only way out is a proxy that speaks https, as companies and schools have."""
    made = tmp_path / "certificates"
    made.mkdir()
    certificates = make_certificates(made)
    (place := tmp_path / "work").mkdir()
    port = find_free_port()
    settings = {"TELEGRAM_API_URL": f"http://127.0.0.1:{port}", "SSL_CERT_FILE": str(certificates.ca)}
    async with run_proxy("https", certificates.serving()) as proxy:
        proxy.leads[port] = int(emulator.url.rpartition(":")[2])
        async with TypedTerminal(place, "setup", LANG="ko_KR.UTF-8", **settings) as terminal:
            for question, typed in (
                (LANGUAGE, "1"),
                (TOKEN, emulator.token),
                ("텔레그램에 연결할 수 없습니다", proxy.url()),
                ("어떤 청원을 운영하시나요?", "1"),
                *NEW_CAMPAIGN[-3:],
            ):
                await terminal.expects(question)
                await terminal.expects("> ")
                terminal.types(typed)
            assert await terminal.ended() == 0, terminal.screen
        assert PASSWORD not in terminal.screen
        none = {"TELEGRAM_TOKEN": "", "DATABASE_URL": ""}
        async with BotProcess(emulator, place, "-c", MAIN, **settings, **none) as bot:
            await bot.says("listening as")
            hana = Actor(emulator.world, wire, emulator.world.add_person("하나", language_code="ko"))
            await hana.says("/start")
            assert bot.troubles == []
        assert set(proxy.asked) == {f"127.0.0.1:{port}"}
