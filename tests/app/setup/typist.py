"""Somebody who types the answers of the guided set-up."""

import io
from pathlib import Path

import pytest

from chatbot.app.commands.command import Terminal
from chatbot.app.setup import guided

MESSAGE = """Done! Congratulations on your new bot. You will find it at t.me/petition_bot.

Use this token to access the HTTP API:
{token}
Keep your token secure and store it safely, it can be used by anyone to control your bot.

For a description of the Bot API, see this page: https://core.telegram.org/bots/api"""
FOREST = ("숲을 지켜 주세요", "시장", "숲 모임", "마을의 마지막 숲이 사라지려 합니다.", "개발 허가를 거두어 주십시오.")
FOREST_IN_ENGLISH = ("Save the forest", "The Mayor", "", "The last forest of our town is about to go.", "Withdraw it.")


class Typist:
    """Answers questions from a list, and ends the input after the last."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.out = io.StringIO()
        self.hidden: list[str] = []
        self.end: type[BaseException] = EOFError

    def read_line(self, prompt: str) -> str:
        self.out.write(f"{prompt}\n")
        if not self.answers:
            raise self.end
        return self.answers.pop(0)

    def read_hidden(self, prompt: str) -> str:
        self.hidden.append(prompt)
        return self.read_line(prompt)

    @property
    def told(self) -> str:
        """Everything that `setup` has printed."""
        return self.out.getvalue()


async def set_up(typist: Typist) -> bool:
    return await guided.set_up(Terminal(out=typist.out))


async def end_early(typist: Typist, end: type[BaseException]) -> None:
    """Set up until the answers run out, and end like this: Ctrl-C is raised, and the end of input is no success."""
    typist.end = end
    if end is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            await set_up(typist)
    else:
        assert not await set_up(typist)


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def list_new_campaign(token: str) -> list[str]:
    """Return the answers for a new campaign in both languages, in Korean."""
    return ["2", token, "2", "", "1 2", *FOREST, *FOREST_IN_ENGLISH, "숲을지켜요", "forest@example.org", "1", "1", "1"]
