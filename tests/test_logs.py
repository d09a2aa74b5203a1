"""The log has one line per record, without secrets and without people's words."""

import asyncio
import logging
from urllib.parse import quote

import pytest

from chatbot.logs import OneLine, configure_logging, outline_error, report_bug

TOKEN = "123456789:AAF-key_of.this/bot+"
KEY = TOKEN.partition(":")[2]


@pytest.fixture
def stderr(capsys, log_put_back):
    """A function that returns what the process has written to stderr so far."""
    written = []

    def read():
        written.append(capsys.readouterr().err)
        return "".join(written)

    return read


def fail(words):
    raise ValueError(words)


def caught(words):
    try:
        fail(words)
    except ValueError as error:
        return error


def test_record_is_one_line_with_time_level_and_logger(stderr):
    configure_logging("INFO")
    logging.getLogger("chatbot.transport").info("listening as @%s\nand on", "bot")
    line = stderr()
    assert line.endswith("Z INFO chatbot.transport: listening as @bot and on\n")
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    "leak",
    [
        lambda log: log.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN),
        lambda log: log.warning("POST https://api.telegram.org/bot" + TOKEN),  # noqa: G003 - as a library may log
        lambda log: log.warning("%s", {"url": f"/bot{TOKEN}"}),
        lambda log: log.warning("proxied to ?to=%s", quote(TOKEN, safe="")),
        lambda log: log.warning("proxied to ?to=%s", quote(TOKEN, safe="").lower()),
        lambda log: log.warning("proxied to ?to=%s", quote(TOKEN)),
        lambda log: log.warning("the key alone: %s", KEY),
        lambda log: log.error("failed", exc_info=caught(TOKEN)),
        lambda log: log.error("failed: %r", caught(TOKEN)),
        lambda log: logging.getLogger(f"chatbot.{KEY}").warning("by name"),
    ],
)
def test_secret_is_never_logged(stderr, leak):
    configure_logging(logging.DEBUG, [TOKEN])
    leak(logging.getLogger("chatbot.test"))
    assert stderr().count("\n") == 1
    for form in (TOKEN, KEY, quote(TOKEN, safe=""), quote(KEY, safe="")):
        assert form.lower() not in stderr().lower()


def test_secrets_are_redacted_and_the_rest_stays(stderr):
    configure_logging("INFO", [TOKEN, "postgres-password", "", "a"])
    logging.getLogger("chatbot").info("a database at postgres-password with %s", TOKEN)
    assert stderr().endswith("a database at [secret] with [secret]\n")


def test_exception_is_logged_with_its_place_without_its_message(stderr):
    configure_logging("INFO")
    try:
        try:
            fail("하나 김")
        except ValueError as error:
            raise LookupError("하나 김") from error
    except LookupError:
        logging.getLogger("chatbot").exception("a turn failed")
    line = stderr()
    assert "하나" not in line
    assert "LookupError in test_logs.py:" in line
    assert "after ValueError in test_logs.py:" in line
    assert " fail" in line
    assert line.count("\n") == 1


def test_bug_is_reported_without_its_message(stderr):
    configure_logging("INFO")
    report_bug(logging.getLogger("chatbot"), "a turn failed", caught("Sam"))
    assert "ERROR chatbot: a turn failed (ValueError in test_logs.py:" in stderr()
    assert "Sam" not in stderr()


def test_outline_of_an_error_that_was_never_raised_is_its_name():
    assert outline_error(KeyError("하나")) == "KeyError"


async def test_failure_of_a_task_that_nobody_awaits_is_logged_without_its_message(stderr):
    configure_logging("INFO")

    async def fail_unseen():
        raise ValueError("하나 김")

    asyncio.get_running_loop().set_exception_handler(None)
    task = asyncio.ensure_future(fail_unseen())
    await asyncio.wait([task])
    # What asyncio does when such a task is garbage-collected.
    context = {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    asyncio.get_running_loop().call_exception_handler(context)
    assert "Task exception was never retrieved (ValueError in" in stderr()
    assert "하나" not in stderr()


@pytest.mark.parametrize("name", ["telegram.Bot", "httpx", "httpcore", "aiohttp.access", "aiosqlite", "asyncio"])
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_libraries_log_warnings_only(stderr, name, level):
    configure_logging(level)
    logging.getLogger(name).info("POST https://api.telegram.org/")
    logging.getLogger(name).warning("trouble")
    assert "POST" not in stderr()
    assert "trouble" in stderr()


def test_level_above_warning_applies_to_libraries(stderr):
    configure_logging("ERROR")
    logging.getLogger("telegram").warning("trouble")
    assert not stderr()


def test_configuring_twice_does_not_log_twice(stderr):
    configure_logging("INFO")
    configure_logging("INFO", [TOKEN])
    logging.getLogger("chatbot").info("once with %s", TOKEN)
    assert stderr().count("once with [secret]") == 1


def test_record_with_wrong_arguments_is_logged_as_a_line():
    record = logging.LogRecord("chatbot", logging.INFO, "dialog.py", 7, "%d people", (TOKEN,), None)
    assert OneLine([TOKEN]).format(record).endswith("(a log line that does not fit its arguments, dialog.py:7)")
