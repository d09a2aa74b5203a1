# ruff: noqa: E501 - the rows of a table
"""Writes docs/trouble.md and docs/trouble.ko.md: what the bot says when something is wrong, and what to do then.

`python -m tests.support.trouble_page` writes them after a message in `locales/problems.pot` has changed.
"""

import re
from typing import Final

from chatbot.i18n.terminal import read_problems
from chatbot.settings import BUNDLED_LOCALES
from tests.support.documents import ROOT
from tests.test_locales import list_problems

Row = tuple[str, str, str]
"""A message of the catalog, or how it begins; what to do, in English and in Korean."""

START: Final[tuple[Row, ...]] = (
    ("{name}: missing; `python -m chatbot setup` asks", "Run `python -m chatbot setup` in the folder in which the bot is started.", "봇을 켜는 폴더에서 `python -m chatbot setup`을 실행해 주세요."),
    ("{name}: is no bot token", "Write `/mybots` to @BotFather, choose the bot, **API Token**, and run `setup` again.", "@BotFather에게 `/mybots`를 보내 봇을 고르고 **API Token**을 복사한 뒤 `setup`을 다시 실행해 주세요."),
    ("TELEGRAM_TOKEN: Telegram does not accept it", "The token was revoked, or belongs to a deleted bot. Get it as above.", "토큰이 폐기되었거나 지운 봇의 것입니다. 위와 같이 새로 받아 주세요."),
    ("{name}: cannot be read; name a file that holds the token", "The file of `TELEGRAM_TOKEN_FILE` is missing, or another user's. Run `setup` again.", "`TELEGRAM_TOKEN_FILE`의 파일이 없거나 다른 사용자의 것입니다. `setup`을 다시 실행해 주세요."),
    ("WEBHOOK_URL: missing", "`web` needs an https address. Without one, use `run`.", "`web`에는 https 주소가 있어야 합니다. 없으면 `run`을 쓰세요."),
    ("Telegram reaches only the ports", "Write the address without a port, and let a proxy such as Caddy listen at 443.", "주소에서 포트를 빼고, Caddy 같은 프록시가 443에서 받게 해 주세요."),
    ("must name a machine that Telegram can reach", "`localhost` and addresses at home cannot be reached. Use `run`, or a server with a name.", "`localhost`나 집 안의 주소에는 텔레그램이 연결할 수 없습니다. `run`을 쓰거나 이름이 있는 서버를 쓰세요."),
    ("{place}: {name} is no setting", "A setting is misspelt; the message names the right one.", "설정 이름이 틀렸습니다. 맞는 이름이 함께 적혀 있습니다."),
    ("must be Telegram ids separated by commas; {id} is that", "`ORGANIZERS` takes people's ids only. Easier: leave it out, and take `python -m chatbot owner`.", "`ORGANIZERS`에는 사람의 id만 씁니다. 빼고 `python -m chatbot owner`를 쓰는 편이 쉽습니다."),
    ("{file}, line {line}: {problem}", "Open the file at that line, as the message says.", "그 파일의 그 줄을 메시지대로 고쳐 주세요."),
    ("{file}: must be saved as UTF-8 text", "Notepad: **Save as**, Encoding **UTF-8**.", "메모장: **다른 이름으로 저장**, 인코딩 **UTF-8**."),
    ("{file}: other users of this machine can read it", "Type the command in the message: the file has a secret.", "비밀이 든 파일입니다. 메시지에 있는 명령을 입력해 주세요."),
)  # fmt: skip
DATABASE: Final[tuple[Row, ...]] = (
    ("DATABASE_URL: there is no such database; start", "Start the command in the folder of the bot, or start the bot once.", "봇의 폴더에서 명령을 실행해 주세요. 아니면 봇을 한 번 켜 주세요."),
    ("the database cannot be opened: there is no folder", "Make the folder, or correct `DATABASE_URL` in `petition.env`.", "폴더를 만들거나 `petition.env`의 `DATABASE_URL`을 고쳐 주세요."),
    ("start it as the user who owns it", "The file belongs to another user: `sudo -u petition …` before the command.", "다른 사용자의 파일입니다. 명령 앞에 `sudo -u petition …`을 붙여 주세요."),
    ("the database is locked by another process", "Another program has the file open, such as a database browser. Close it.", "데이터베이스 보기 프로그램 같은 다른 프로그램이 파일을 열고 있습니다. 닫아 주세요."),
    ("the database has no room left on its disk", "Make room. Nothing is lost: people are asked to wait, and get their answers once there is room.", "자리를 비워 주세요. 잃는 것은 없습니다. 봇은 기다려 달라고 말하고, 자리가 나면 저절로 이어집니다."),
    ("{file} is on a network file system", "Let `DATABASE_URL` name a file on a disk of the machine.", "`DATABASE_URL`에 그 컴퓨터의 디스크에 있는 파일을 적어 주세요."),
    ("{folder} is no volume", "The container needs `-v petition:/data`; the compose file has it.", "컨테이너에 `-v petition:/data`가 있어야 합니다. compose 파일에는 들어 있습니다."),
    ("the volume at {folder} may not be written", "Type the `chown` of the message on the server itself.", "메시지의 `chown`을 서버에서 입력해 주세요."),
    ("nothing answers at its host and port", "Is the PostgreSQL server on? Compare the address with that of its dashboard.", "PostgreSQL 서버가 켜져 있나요? 주소를 대시보드의 것과 견주어 주세요."),
    ("the database has schema {number}, made by a newer", "Go on with the newer version of the bot, or restore a backup of before the upgrade.", "더 새로운 버전의 봇을 쓰거나, 업그레이드 전의 백업을 되돌려 주세요."),
    ("the database file was deleted or replaced", "Stop the bot, put the file back or restore a backup, then start.", "봇을 멈추고 파일을 제자리에 두거나 백업을 되돌린 뒤 다시 켜 주세요."),
    ("the database is damaged", "Stop the bot, and restore the newest file of the folder `backups`.", "봇을 멈추고 `backups` 폴더의 가장 새로운 파일을 되돌려 주세요."),
)  # fmt: skip
BACKUPS: Final[tuple[Row, ...]] = (
    ("no backup could be made, and without one", "Make room, or let `BACKUPS` name another disk; the bot changes nothing without a backup.", "자리를 비우거나 `BACKUPS`에 다른 디스크를 적어 주세요. 봇은 백업 없이는 아무것도 바꾸지 않습니다."),
    ("BACKUPS: there is no folder", "Mount the disk, or correct the name.", "디스크를 연결하거나 이름을 고쳐 주세요."),
    ("{folder} has not enough room", "A backup needs twice the size of the database. Make room, or use another disk.", "백업에는 데이터베이스 두 배의 자리가 있어야 합니다. 자리를 비우거나 다른 디스크를 써 주세요."),
    ("a bot is running with this database", "Stop the bot: Ctrl-C, `docker compose stop` or `systemctl stop petition`.", "봇을 멈춰 주세요: Ctrl-C, `docker compose stop` 또는 `systemctl stop petition`."),
    ("{file}: is no copy of a petition", "Name a file of the folder `backups`, or one that `backup` has written.", "`backups` 폴더의 파일이나 `backup`이 쓴 파일을 적어 주세요."),
    ("{file}: is a copy of another petition", "It would replace this petition by another one. Look at the folder that it comes from.", "이 청원이 다른 청원으로 바뀌게 됩니다. 어느 폴더의 파일인지 봐 주세요."),
    ("{file}: has schema {schema}, made by a newer", "Take the version of the bot that made the copy, or an older copy.", "그 복사본을 만든 버전의 봇을 쓰거나 더 오래된 복사본을 써 주세요."),
    ("{file}: has what the bot did not make", "A trigger or view in the copy could change signatures. If nobody of you added it, trust this copy no more.", "복사본에 있는 트리거나 뷰가 서명을 바꿀 수 있습니다. 여러분이 넣은 것이 아니면 그 복사본을 믿지 마세요."),
    ("{file}: already exists; name a new file", "Nothing is overwritten. Take another name.", "있는 파일은 바꾸지 않습니다. 다른 이름을 써 주세요."),
)  # fmt: skip

HEAD: Final = {
    "docs/trouble.md": """\
# When something is wrong

What the bot says when it cannot go on, and what to do. The words stand in the last line of the terminal, or of the log. `…` is what
differs. Begin with `python -m chatbot check`, which names every mistake it can find. For what goes wrong at the first start, see
[Install](install.md#if-something-is-different).
""",
    "docs/trouble.ko.md": """\
# 문제가 생겼을 때

봇이 더 나아갈 수 없을 때 하는 말과 그때 할 일입니다. 그 말은 터미널이나 로그의 마지막 줄에 있습니다. `…` 자리에는 그때그때 다른 것이
들어갑니다. 먼저 `python -m chatbot check`를 실행하면 찾을 수 있는 잘못을 모두 알려 줍니다. 처음 켤 때의 문제는
[설치 안내](install.ko.md#다르게-보이면)에 있습니다.
""",
}
COLUMNS: Final = {
    "docs/trouble.md": ("What it says", "What to do"),
    "docs/trouble.ko.md": ("봇이 하는 말", "할 일"),
}
PARTS: Final = (
    ("Starting", "시작할 때", START),
    ("The database", "데이터베이스", DATABASE),
    ("Backups and files", "백업과 파일", BACKUPS),
)


def find_message(begin: str) -> str:
    """Return the one message of the catalog that begins like this, or is this."""
    messages = list_problems()
    if begin in messages:
        return begin
    [message] = [each for each in messages if each.startswith(begin)]
    return message


def write_page(name: str) -> str:
    """Return the text of one page."""
    is_korean = ".ko." in name
    translate = read_problems(BUNDLED_LOCALES, "ko").gettext if is_korean else str
    lines = [HEAD[name]]
    for english, korean, rows in PARTS:
        lines += [f"## {korean if is_korean else english}\n", "| {} | {} |".format(*COLUMNS[name]), "|---|---|"]
        for begin, do, korean_do in rows:
            said = re.sub(r"\{[^}]*\}", "…", translate(find_message(begin))).replace("|", "\\|")
            said = re.sub(r"(?<!`)python -m chatbot [a-z]+", r"`\g<0>`", said)
            lines.append(f"| {said} | {korean_do if is_korean else do} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    for each in HEAD:
        (ROOT / each).write_text(write_page(each), "utf-8")
