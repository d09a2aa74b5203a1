"""The catalogs translate every problem, and the command line prints in the language of the system."""

import ast
import os
import pickle
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from chatbot.__main__ import main
from chatbot.app.commands.command import Terminal
from chatbot.i18n import CATALOG
from chatbot.i18n.terminal import find_language_of_windows, find_translator, read_problems
from chatbot.problem import Problem, ProblemError
from chatbot.settings import BUNDLED_LOCALES, Settings
from tests.architecture import MODULES, PACKAGE
from tests.support.limits import GIVE_UP
from tests.test_locales import PARTICLE_AFTER_PLACEHOLDER, list_problems

KOREAN = read_problems(BUNDLED_LOCALES, "ko")
CODE = re.compile(
    r"`[^`]*`|<[^>]*>|\{[^}]*\}+|%(?:\(\w+\))?[sr]|--[\w-]+(?: delivery)?"
    r"|[\w-]+[./:@#=\[_][^\s가-힣]*|[#@=./\\][^\s가-힣]*|\"[^\"]*\"|'[^']*'"
    r"|python -m chatbot \w+|git checkout|pip install"
)
"""Parts of a text that are the same in every language: code, names of files, tags, placeholders, options."""
WORDS = re.compile(r"[A-Za-z]{2,} +[a-z]{2,}")
"""Two English words that follow each other."""
HANGUL = re.compile("[가-힣]")
MESSAGES = list_problems()


def list_placeholders(text: str) -> list[str]:
    """List the placeholders of a text as they are written, in alphabetical order."""
    braces = [f"{name}!{conversion}:{spec}" for _, name, spec, conversion in string.Formatter().parse(text) if name]
    return sorted({*braces, *re.findall(r"%(?:\(\w+\))?[sr]", text)})


def find_english(text: str) -> str | None:
    found = WORDS.search(CODE.sub(" · ", text))
    return found and found[0]


def list_errors() -> set[str]:
    """List the names of all classes of errors that have a problem."""

    def walk(kind: type[ProblemError]) -> set[str]:
        return {kind.__name__}.union(*map(walk, kind.__subclasses__()))

    return walk(ProblemError)


# The Korean catalog; tests/test_locales.py checks that it has all problems


@pytest.mark.parametrize("message", MESSAGES)
def test_problem_is_translated_into_korean(message: str) -> None:
    told = KOREAN.gettext(message)
    assert list_placeholders(told) == list_placeholders(message)
    assert find_english(told) is None
    assert HANGUL.search(told) or not re.search("[a-z]{2,}", CODE.sub("", message))
    assert not PARTICLE_AFTER_PLACEHOLDER.search(told)
    values = {name.partition("!")[0]: 7 for name in list_placeholders(message) if not name.startswith("%")}
    shown = Problem(message, **values).render(KOREAN.gettext)
    assert not re.search(r"\{\w+\}", shown), "a placeholder was not filled in"


@pytest.mark.parametrize("text", ["데이터베이스 is locked by another process", "permission denied", "write the words"])
def test_pattern_finds_english_words(text: str) -> None:
    assert find_english(text)


def test_errors_for_people_are_raised_with_literal_problems() -> None:
    """pybabel finds only literals for the catalogs."""
    wrong = []
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first, is_text = node.args[0], isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
            if node.func.id == "Problem" and not isinstance(first, ast.Constant):
                wrong.append(f"{module}:{node.lineno}: the message of a Problem must be a literal")
            if node.func.id in list_errors() - {"TokenRefusedError"} and is_text:
                wrong.append(f"{module}:{node.lineno}: {node.func.id} takes a Problem")
    assert wrong == []


# Problems


def test_problem_in_a_problem_is_translated() -> None:
    inner = Problem("must be 16 to 256 of A-Z a-z 0-9 _ -")
    outer = Problem("{name}: {problem}", name="METRICS_TOKEN", problem=inner)
    assert outer == "METRICS_TOKEN: must be 16 to 256 of A-Z a-z 0-9 _ -"
    assert outer.render(KOREAN.gettext) == "METRICS_TOKEN: A-Z a-z 0-9 _ - 문자로 16자에서 256자까지 써 주세요."


def test_quoted_words_are_not_changed() -> None:
    assert Problem.quote("{odd} {words").render(KOREAN.gettext) == "{odd} {words"


def test_control_characters_in_values_are_escaped() -> None:
    key, file = "\x1b]0;owned\x07\x9b31m\u202e\u2028\n", Path("a\nb")
    problem = Problem("{file}: {key} is not known", file=file, key=Problem.quote(key))
    for told in (problem, problem.fill(file=file, key=key), problem.render(lambda text: text)):
        assert told == r"a\nb: \x1b]0;owned\x07\x9b31m\u202e\u2028\n is not known"


def test_pickled_problem_keeps_its_message_and_values() -> None:
    problem = Problem("{file}: already exists; name a new file", file="{a}.db")
    copied = pickle.loads(pickle.dumps(problem))
    assert (copied, copied.message, copied.values) == (problem, problem.message, problem.values)


# The command line


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, log_put_back: None) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "lc_all", "lc_messages", "lang"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    return monkeypatch


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("check --port", "사용법: "),
        ("sign", "고를 수 없는 값입니다: 'sign'"),
        ("demo --port 65536", "인자 --port: 65535까지의 수를 써 주세요."),
        ("check --fresh", "알 수 없는 인자입니다: --fresh"),
        ("move", "다음 인자가 필요합니다: --to"),
        ("export a.csv --from yesterday", "2026-11-01처럼 날짜를 써 주세요."),
        ("backup --help", "이 도움말을 보여 줍니다"),
    ],
)
def test_wrong_arguments_are_explained_in_korean(
    korean: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    with pytest.raises(SystemExit):
        main(line.split())
    told = "".join(capsys.readouterr())
    assert said in told
    assert find_english(told.replace("chatbot", "")) is None


@pytest.mark.parametrize(
    ("line", "settings", "said"),
    [
        (
            "run",
            {},
            "TELEGRAM_TOKEN: 없습니다. `python -m chatbot setup` 명령이 물어보고 저장합니다(docs/install.ko.md).\n",
        ),
        ("web", {}, "WEBHOOK_URL: 없습니다. 텔레그램이 이 컴퓨터에 연결할 https 주소를 적어 주세요."),
        ("check", {"ORGANIZERS": "777000"}, "ORGANIZERS: 777000: 사람이 아니라 텔레그램 자체입니다."),
        ("check", {"PORT": "first"}, "PORT: 정수로 써 주세요.\n"),
        ("migrate", {"DATABASE_URL": "sqlite:///no/a.db"}, "DATABASE_URL: no/a.db: 데이터베이스를 열 수 없습니다"),
        ("backup a.db", {}, "DATABASE_URL: 그런 데이터베이스가 없어 백업할 것이 없습니다.\n"),
        ("seal", {"SEALING_KEY": "private-abc"}, "SEALING_KEY: 그것은 개인 키이며 봇이 절대 보아서는 안 됩니다."),
        ("check --language 7", {}, "--language: “7”: 언어 코드가 아닙니다."),
        ("export a.pdf", {}, "a.pdf: .csv나 .xlsx로 끝나야 합니다."),
    ],
)
def test_commands_refuse_in_korean(
    korean: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        korean.setenv(name, value)
    assert main(line.split()) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(said)
    assert find_english(told.err) is None


def test_commands_report_in_korean(korean: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["migrate"], ["check"], ["backup", "copy.db"], ["export", "all.csv"], ["keys", "petition.key"]):
        assert main(command) == 0
        told = capsys.readouterr().out
        assert [line for line in told.splitlines() if find_english(line) and "SaveMyFriend" not in line] == []
        assert HANGUL.search(told)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("campaign.toml", "is_open = true", 'is_open = "yes"'),
        ("campaign.toml", "is_open = true", "is_open = Yes"),
        ("campaign.toml", "is_open = true", 'is_open = true\ncontact = "?"'),
        ("campaign.toml", "[[links]]", "[[link]]"),
        ("campaign.toml", 'title = "', 'titel = "'),
        ("campaign.toml", 'url = "https://', 'url = "'),
        ("en/appeal.html", "<p>", "<center>"),
        ("ko/updates.html", "</p>", "</p><hr><p>또 하나</p>"),
        (f"ko/{CATALOG}", 'msgstr "나중에"', 'msgstr "{later}"'),
        (f"ko/{CATALOG}", "nplurals=1; plural=0", "nplurals=2; plural=(n != 1)"),
    ],
)
def test_check_names_the_mistakes_of_a_campaign_in_korean(
    korean: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, before: str, after: str
) -> None:
    petition = shutil.copytree(BUNDLED_LOCALES, tmp_path / "petition")
    korean.setenv("LOCALES_DIR", "petition")
    text = (petition / file).read_text("utf-8")
    assert before in text
    (petition / file).write_text(text.replace(before, after, 1), "utf-8")
    assert main(["check"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told
    assert [line for line in told if find_english(line) or not HANGUL.search(line)] == []


def test_text_of_an_error_is_english(korean: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProblemError) as refused:
        Settings().require_webhook_url()
    assert str(refused.value).startswith("WEBHOOK_URL: missing; set")


# Terminals


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ko_KR", "LANG": "en_US.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.eucKR@hangul"}, "ko"),
        ({"LANG": "POSIX"}, "en"),
        ({"LC_ALL": "", "LANG": "ko"}, "ko"),
    ],
)
def test_variables_choose_the_language(named: dict[str, str], language: str) -> None:
    assert find_translator(named, BUNDLED_LOCALES).language == language


@pytest.mark.parametrize(
    ("code", "named", "language"), [(0x0412, {}, "ko"), (0x0412, {"LANG": "en_US"}, "en"), (1, {}, "en")]
)
def test_display_language_of_windows_is_used_without_variables(
    code: int, named: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: code)
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    found = find_translator(named, BUNDLED_LOCALES, otherwise=find_language_of_windows())
    assert found.language == language


def test_other_systems_have_no_display_language() -> None:
    assert find_language_of_windows() == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "latin-1", "no-such-encoding"])
def test_terminal_without_hangul_gets_english(encoding: str) -> None:
    assert find_translator({"LANG": "ko_KR.UTF-8"}, BUNDLED_LOCALES, encoding).language == "en"


def test_folder_without_a_catalog_of_problems_leaves_them_english(tmp_path: Path) -> None:
    assert read_problems(tmp_path, "ko").gettext("none") == "none"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LANG": "ko_KR.CP949", "PYTHONIOENCODING": "cp949"}, "언어 코드가 아닙니다."),
        ({"LANG": "ko_KR.UTF-8", "PYTHONIOENCODING": "cp437"}, "\\u201c\\u2713\\u201d is no code of a language"),
        ({"LANG": "C", "PYTHONIOENCODING": "ascii"}, "\\u201c\\u2713\\u201d is no code of a language"),
    ],
)
def test_command_prints_in_the_encoding_of_its_output(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    encoding = environment["PYTHONIOENCODING"]
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    command = [sys.executable, "-m", "chatbot", "check", "--language", "✓"]
    where = {**outer, **environment, "PYTHONPATH": str(PACKAGE.parent)}
    run = subprocess.run(command, capture_output=True, timeout=GIVE_UP, env=where, cwd=tmp_path, check=False)
    assert run.returncode == 1
    assert said in run.stderr.decode(encoding)


def test_terminal_prints_english_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().say("plain", Problem("must be {le} or less", le=30))
    assert capsys.readouterr().out == "plain\nmust be 30 or less\n"
