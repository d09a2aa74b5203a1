"""The settings, commands, diagrams and tables of the documents match the code."""

import re
import shlex
from collections.abc import Mapping
from itertools import pairwise
from textwrap import dedent
from typing import get_args

import pytest

from chatbot.__main__ import make_parser
from chatbot.conversation import steps
from chatbot.conversation.step_names import SIGNING_STEPS, BroadcastStep
from chatbot.documents import audit_log, signatures
from chatbot.i18n import Translator
from chatbot.screens.organizer import menu as desk
from chatbot.screens.supporter.general import commands
from chatbot.settings import BUNDLED_LOCALES, Settings
from tests.support.documents import DOCUMENTS, ROOT, read_blocks, read_table

CI = (ROOT / ".ci" / "run").read_text("utf-8")


def find_set_up_commands() -> list[str]:
    lines = [line for block in read_blocks("README.md", "sh") for line in block.splitlines()]
    return [line for line in lines if " && . .venv/bin/activate && pip install" in line]


# Settings


def show_default(default: object) -> str:
    if default in (None, ()):
        return "none"
    return "`locales`" if default == BUNDLED_LOCALES else f"`{default}`"


def test_document_lists_settings_with_their_defaults() -> None:
    fields = Settings.model_fields.items()
    told = [[f"`{name.upper()}`", show_default(field.default), field.description] for name, field in fields]
    assert read_table("docs/operating.md", "Variable") == told


# The command line


def read_help_of_commands(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("COLUMNS", "200")
    return dict(re.findall(r"^    (\w+) +(\S.*)$", make_parser().format_help(), re.MULTILINE))


def test_document_lists_commands_with_their_help(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        " ".join(command.strip("`").split()[:4]): told
        for command, told in read_table("docs/operating.md", "On the command line")
    }
    assert table == {f"python -m chatbot {name}": told for name, told in read_help_of_commands(monkeypatch).items()}


def test_parser_accepts_documented_command_lines() -> None:
    lines = {line for text in DOCUMENTS.values() for line in re.findall(r"python -m chatbot ([^`\n]*)", text)}
    assert len(lines) > 15
    for line in lines - {"--version"}:
        make_parser().parse_args(shlex.split(line))


def test_demo_has_the_documented_options() -> None:
    options = re.findall(r"`(--[^`]+)`", DOCUMENTS["README.md"])
    assert options
    make_parser().parse_args(["demo", *shlex.split(" ".join(options))])


# The conversation


def test_readme_lists_bot_commands_as_the_menu_does(translators: Mapping[str, Translator]) -> None:
    menu = dict(commands(translators["en"]))
    told = {}
    for names, what in read_table("README.md", "Command"):
        for name in names.split(", "):
            told[name.strip("`/")] = what
    assert told.keys() == steps.COMMANDS.keys()
    assert {name: told[name] for name in menu} == menu


def read_ways(diagram: str) -> set[tuple[str, str]]:
    """Return the ways between steps in a diagram, each as the step where it starts and the one where it ends.

    Ways follow the first line. Others connect the step above the │ of the second line with those above each ▲, and with
    those on the third line.
    """
    way, change, below = diagram.splitlines()[:3]
    stops = list(re.finditer(r"(?<![(a-z])\b[a-z_]+(?![^(]*\))", way))

    def above(sign: str) -> list[str]:
        columns = [found.start() for found in re.finditer(sign, change)]
        return [stop[0] for column in columns for stop in stops if stop.start() <= column < stop.end()]

    [source] = above("│")
    ways = set(pairwise(stop[0] for stop in stops))
    for before, stop, after in re.findall(r"(\w+) ──▶ \((\w+) ──▶\) (\w+)", way):  # only some people see this step
        ways |= {(before, stop), (stop, before), (stop, after)}
    for target in (*above("▲"), *re.findall(r"─ (\w+) ─", below)):
        ways |= {(source, target), (target, source)}
    return ways


def test_documents_draw_the_ways_between_steps() -> None:
    assert steps.__doc__
    signing, writing, _matters = (dedent(found) for found in re.findall(r"(?:^    .*\n)+", steps.__doc__, re.MULTILINE))
    assert signing in read_blocks("docs/architecture.md", "")
    assert writing in read_blocks("docs/organizers.md", "")
    broadcast_steps = get_args(BroadcastStep)
    ways = {
        (name, to)
        for name, step in steps.STEPS.items()
        if name in (*SIGNING_STEPS, *broadcast_steps)
        for to in step.leads_to
    }
    writers = {(name, to) for name, to in ways if name in broadcast_steps}
    assert read_ways(signing) | {("country", "name")} == {("idle", "name"), *(ways - writers)}
    # The review leads to each step below it, and each leads back. There is a post and a button for each language.
    hanging = [task for task in broadcast_steps if task in writing.splitlines()[2].partition(" and ")[0]]
    below = {way for task in hanging for way in (("review", task), (task, "review"))}
    further = {("post", "post"), ("button", "button"), ("hour", "idle")}
    assert read_ways(writing) | below | further == {("idle", "post"), *writers}


def test_readme_lists_team_commands_as_their_menu_does(translators: Mapping[str, Translator]) -> None:
    told = {name.strip("`/"): what for name, what in read_table("README.md", "For organizers")}
    assert told == dict(desk.commands(translators["en"], "owner"))
    needed = {name.strip("`/"): role for name, role in read_table("docs/organizers.md", "Team command")}
    assert needed == {name: command.needs for name, command in desk.COMMANDS.items()}
    assert told.keys() == needed.keys() == steps.TEAM_COMMANDS.keys()


# Files


def test_document_lists_columns_of_exports() -> None:
    for heading, columns in (("Column", signatures.COLUMNS), ("Log column", audit_log.COLUMNS)):
        told = [name for row in read_table("docs/organizers.md", heading) for name in re.findall(r"`(\w+)`", row[0])]
        assert told == list(columns)


# The repository


def test_ci_runs_the_set_up_commands_in_order() -> None:
    trial, tests = find_set_up_commands()
    assert trial.endswith(" && python -m chatbot demo")
    assert tests.endswith(" && pytest")
    set_up, demo = trial.rsplit(" && ", 1)
    lines = CI.splitlines()
    assert lines.index(set_up) < next(at for at, line in enumerate(lines) if f"{demo} --port 0" in line)
    assert lines[-1] == tests


def test_contributing_has_the_commands_of_ci_and_the_locks() -> None:
    told = "\n".join(read_blocks("CONTRIBUTING.md", "sh"))
    extract, update = (line for line in CI.splitlines() if line.startswith("pybabel"))
    assert extract.replace(" chatbot.pot", " locales/chatbot.pot") in told
    assert {*shlex.split(update)} - {"--check", "chatbot.pot"} <= {*shlex.split(told)}
    for lock in ("requirements.txt", "requirements-dev.txt"):
        header = (ROOT / lock).read_text("utf-8").splitlines()[1]
        assert header.removeprefix("#").strip() in told.splitlines()


def test_table_of_attacks_names_a_test_for_each() -> None:
    folder = ROOT / "tests" / "attacks"
    rows = [line.split(" | ") for line in DOCUMENTS["tests/attacks/README.md"].splitlines() if line.startswith("| ")]
    held = [re.findall(r"`([\w/]+\.py)`", row[-1]) for row in rows if row[-1].strip("| ") != "Held by"]
    assert all(held), "a row of the table names no test"
    files = {ROOT / name if "/" in name else folder / name for names in held for name in names}
    assert [file for file in files if not file.is_file()] == []
    assert {*folder.glob("test_*.py")} <= files
