"""Exceptions that break code which reports them, or that could end more than their turn."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import pytest

from chatbot.app.periodic import PeriodicJob, run_periodically
from chatbot.conversation.interface import Answer, Heard, Person, Said
from chatbot.logs import BugReports, configure_logging, outline_error, report_bug
from chatbot.storage import Database, Transaction
from chatbot.transport.incoming.dispatcher import Dispatcher
from tests.support.cast import HANA
from tests.support.fake_conversation import FakeConversation, apologise
from tests.support.limits import GIVE_UP

LONGEST = 2_000
HEARD = Heard(1, Person(HANA, "하나", "ko"), Said("안녕"))


def make_circle(length: int) -> Exception:
    """Make a circular chain of causes."""
    chain = [ValueError("하나") for _ in range(length)]
    for nth, error in enumerate(chain):
        error.__cause__ = chain[(nth + 1) % length]
    return chain[0]


def make_chain(length: int) -> Exception:
    """Make a chain of errors, each raised while the previous one was handled."""
    first = error = ValueError("하나")
    for _ in range(length):
        error.__context__ = ValueError("하나")
        error = error.__context__
    return first


def make_recursion() -> Exception:
    """Make the error of an endless recursion, whose traceback has about a thousand calls."""

    def again() -> None:
        again()

    try:
        again()
    except RecursionError as error:
        return error
    raise AssertionError


def make_nested_group(depth: int) -> Exception:
    """Make exception groups inside each other."""
    group = ExceptionGroup("하나", [ValueError("하나"), OSError("하나")])
    for _ in range(depth):
        group = ExceptionGroup("하나", [group] * 20)
    return group


class HostileKind(type):
    """A class whose name cannot be read."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise ZeroDivisionError


class HostileError(Exception, metaclass=HostileKind):
    """An exception on which every operation fails, even `bool()`."""

    def __str__(self) -> str:
        raise ZeroDivisionError

    __repr__ = __str__

    def __bool__(self) -> bool:
        raise RecursionError

    @property
    def __cause__(self) -> None:  # type: ignore[override]
        raise MemoryError

    __context__ = __traceback__ = __suppress_context__ = __cause__  # type: ignore[assignment]


class Recursing:
    """An object whose text cannot be made, because that never ends."""

    def __str__(self) -> str:
        return str(self)


ERRORS: dict[str, Callable[[], BaseException]] = {
    "its own cause": lambda: make_circle(1),
    "a circle": lambda: make_circle(3),
    "a long chain": lambda: make_chain(10_000),
    "a recursion": make_recursion,
    "a group": lambda: make_nested_group(8),
    "hostile": HostileError,
    "a long name": lambda: type("Name" * 50_000, (Exception,), {})(),
    "lines in its name": lambda: type("A\nB", (Exception,), {})(),
}


def log_as_the_bot_does() -> None:
    """Configure the log as the bot does. pytest's own handlers would raise errors of formatting."""
    logging.getLogger().handlers[:] = []
    configure_logging("INFO")


@pytest.mark.parametrize("what", ERRORS)
def test_bug_is_reported_in_one_short_line(log_put_back: None, capsys: pytest.CaptureFixture[str], what: str) -> None:
    log_as_the_bot_does()
    error = ERRORS[what]()
    report_bug(logging.getLogger("chatbot"), "a turn failed", error)
    logging.getLogger("chatbot").error("a turn failed", exc_info=(type(error), error, None))
    written = capsys.readouterr().err
    assert written.count("\n") == 2
    assert written.count("a turn failed (") == 2
    assert len(written) < 2 * LONGEST
    assert "Traceback" not in written


def test_exception_group_is_reported_by_its_members() -> None:
    assert (
        outline_error(ExceptionGroup("하나", [ValueError("하나"), OSError("하나")]))
        == "ExceptionGroup of 2: ValueError, OSError"
    )


def test_hostile_argument_is_logged_in_one_line(log_put_back: None, capsys: pytest.CaptureFixture[str]) -> None:
    log_as_the_bot_does()
    for argument in (HostileError(), Recursing(), "하나" * 100_000):
        logging.getLogger("chatbot").info("about %s", argument)
        written = capsys.readouterr().err
        assert written.count("\n") == 1
        assert len(written) < 20_000


def test_report_to_an_unwritable_log_raises_nothing(log_put_back: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _line: str) -> None:
            raise OSError(28, "No space left on device")

        flush = None

    monkeypatch.setattr("sys.stderr", Full())
    log_as_the_bot_does()
    report_bug(logging.getLogger("chatbot"), "a turn failed", ValueError())


def test_many_bugs_log_some_lines_and_a_count(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    bugs = BugReports(logging.getLogger("chatbot"), most=3, seconds=60, clock=lambda: now)
    for _ in range(1_000):
        bugs.report("a turn failed", ValueError("하나"))
    now = 60.0
    bugs.report("a turn failed", ValueError("하나"))
    assert [record.getMessage() for record in caplog.records] == [
        *["a turn failed (ValueError)"] * 3,
        "a turn failed, as did 997 more that were not logged (ValueError)",
    ]


# Exceptions that could end more than their turn:


ENDS: dict[str, Callable[[], BaseException]] = ERRORS | {
    "cancelled": asyncio.CancelledError,
    "exit": SystemExit,
    "generator exit": GeneratorExit,
    "stop": StopIteration,
    "stop async": StopAsyncIteration,
    "memory": MemoryError,
    "time": TimeoutError,
    "a group of exits": lambda: BaseExceptionGroup("하나", [SystemExit(1)]),
}


@pytest.mark.parametrize("what", ENDS)
async def test_any_exception_costs_one_turn(database: Database, caplog: pytest.LogCaptureFixture, what: str) -> None:
    """It is raised in the work of a transaction, which may run in another thread, and outside of one."""

    async def work(_tx: Transaction) -> Answer:
        error = ENDS[what]()
        raise error

    async def hear_in_work(_heard: Heard) -> Answer:
        return await database.transact(work)

    async def hear(_heard: Heard) -> Answer:
        error = ENDS[what]()
        raise error

    for each in (hear_in_work, hear):
        caplog.clear()
        assert await Dispatcher(FakeConversation(each)).take(HEARD) == apologise(HEARD)
        [record] = caplog.records
        assert record.getMessage().startswith("a turn failed and is not repeated (")
        assert "하나" not in record.getMessage()
    assert await database.transact(lambda tx: tx.one("SELECT 1 AS one")), "the database works for the next turn"


async def test_cancelling_the_task_ends_its_turn(database: Database) -> None:
    begun = asyncio.Event()

    async def hear(_heard: Heard) -> Answer | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    turn = asyncio.create_task(Dispatcher(FakeConversation(hear)).take(HEARD))
    await begun.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn


async def test_failing_request_to_slow_down_becomes_an_apology(caplog: pytest.LogCaptureFixture) -> None:
    async def hear(_heard: Heard) -> Answer | None:
        return None

    def slow_down(_heard: Heard) -> Answer:
        raise LookupError("하나")

    dispatcher = Dispatcher(FakeConversation(hear, slow_down=slow_down))
    answers = [await dispatcher.take(HEARD) for _ in range(50)]
    assert answers == [None] * 40 + [apologise(HEARD)] * 10
    assert len(caplog.records) == 10


async def test_failing_periodic_job_runs_again(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    failures: list[Exception] = [make_circle(1), ValueError("하나"), HostileError()]
    done = asyncio.Event()

    async def run(_now: datetime) -> None:
        if failures:
            raise failures.pop()
        done.set()

    job = PeriodicJob("failing", run, lambda _: 0.0)
    running = asyncio.create_task(run_periodically(database, job, pause=0.001, longest=0.002))
    await asyncio.wait_for(done.wait(), GIVE_UP)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(caplog.records) == 3
    assert "하나" not in caplog.text
