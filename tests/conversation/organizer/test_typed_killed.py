"""What an organizer types takes effect once if the process is killed by it: before the commit, or before the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import pytest

from chatbot.storage.admin.integrity import find_problems
from tests.support.chat import Chat
from tests.support.dying_database import act_and_die
from tests.support.set_asides import ask_about
from tests.support.team_desk import Desk

_ENGINES: Final = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@dataclass(frozen=True, slots=True)
class Typed:
    """Something typed: what comes before it, and what it adds to the log and to the drafts."""

    text: str
    says: str
    """What the answer says as if it came for the first time."""
    prepare: Callable[[Desk], Awaitable[Chat]]
    entries: tuple[str, ...] = ()
    drafts: int = 0
    again: str = ""
    """What the answer says if only the first one was lost, where that is something else."""


async def _no(desk: Desk) -> Chat:
    asked = await desk.ask()
    await desk.sam.presses(f"broadcast:decline:{asked.id}:{asked.revision}")
    return desk.sam


async def _correction(desk: Desk) -> Chat:
    sent = await desk.send()
    await desk.driver.deliver_all()
    await desk.yuna.presses(f"broadcast:correct:{sent.id}")
    await desk.yuna.taps("✏️ English")
    return desk.yuna


async def _post(desk: Desk) -> Chat:
    await desk.yuna.says("/broadcast")
    return desk.yuna


async def _command(desk: Desk) -> Chat:
    return desk.yuna


async def _hour(desk: Desk) -> Chat:
    await desk.write()
    await desk.yuna.taps("🕘 Later")
    return desk.yuna


async def _country(desk: Desk) -> Chat:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:countries:{draft.id}")
    return desk.yuna


async def _button(desk: Desk) -> Chat:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:button:{draft.id}")
    return desk.yuna


async def _words(desk: Desk) -> Chat:
    await desk.yuna.presses("course:begin:victory")
    return desk.yuna


async def _number(desk: Desk) -> Chat:
    await desk.yuna.presses("team:number")
    return desk.yuna


async def _reason(desk: Desk) -> Chat:
    await desk.chats.sign(0, [("CA", "flood")] * 3)
    counted = await ask_about(desk.yuna, desk.chats, "source: flood")
    await desk.yuna.presses(f"doubts:why:{counted.id}")
    return desk.yuna


async def _link(desk: Desk) -> Chat:
    await desk.yuna.presses("link:new")
    return desk.yuna


HAVE_IT: Final = "If it was your answer to a question of mine, I have it"
TYPED: Final = {
    "a no with a sentence": Typed("Not today.", "Not approved.</b>", _no, ("broadcast.declined",), again=HAVE_IT),
    "a correction": Typed("Free at last.", "This is how it will read", _correction),
    "a first text": Typed("Free at last.", "Now in Korean?", _post),
    "a text after the command": Typed("/broadcast Free at last.", "Now in Korean?", _command, drafts=1),
    "an hour": Typed("12/1 9:00", "December 1, 2026", _hour, again="When should it go out?"),
    "a country": Typed("Germany", "Which countries?", _country),
    "a link": Typed("Read more https://example.org", "It opens the same link", _button),
    "the words of a victory": Typed("We won.", "Korean", _words),
    "a threshold": Typed("1,000", "1,000", _number, again="Send me a number"),
    "a reason": Typed("a flood by one link", "from the count?", _reason, again=HAVE_IT),
    "the name of a link": Typed("flyer", "flyer", _link, again=HAVE_IT),
}


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
@pytest.mark.parametrize("commits", [False, True], ids=["before the commit", "before the answer"])
@pytest.mark.parametrize("name", TYPED)
async def test_killed_process_hears_what_was_typed_once(desk: Desk, name: str, commits: bool) -> None:
    case = TYPED[name]
    chat = await case.prepare(desk)
    await desk.chats.run_jobs()
    before, drafts = await desk.chats.list_entries(), len(await desk.driver.list_all())
    await act_and_die(chat, lambda: chat.says(case.text), desk.processes[1].database, commits=commits)
    assert ((commits and case.again) or case.says) in chat.text
    assert "Sorry" not in chat.text
    assert (await desk.chats.list_entries())[len(before) :] == list(case.entries)
    assert len(await desk.driver.list_all()) == drafts + case.drafts
    told = await desk.chats.run_jobs()
    heard = told.get(desk.yuna.person.id, [])
    assert len(set(heard)) == len(heard), "nobody is told twice"
    assert await find_problems(desk.chats.database) == []
