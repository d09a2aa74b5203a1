"""The process that makes one document: its order comes in a line of JSON, what it made goes out in another.

It ends by itself when whoever wanted the document is gone: the end of its input says so.
"""

import asyncio
import logging
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from chatbot.core_dumps import forbid_core_dumps
from chatbot.documents.make import DocumentContext, make
from chatbot.i18n import load_translators
from chatbot.logs import configure, log_strays, report_bug
from chatbot.petition.campaign import load_campaign
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.model import LANGUAGES
from chatbot.storage import DatabaseUnavailableError, open_database

logger = logging.getLogger(__name__)

AWAY = 3
"""The exit code that says: the database is away, try again."""


async def work(asked: dict[str, Any]) -> dict[str, Any]:
    """Make what is asked for; what `documents.asking` reads."""
    locales = [Path(each) for each in asked["locales"]]
    campaign, translators = load_campaign(locales[0]), load_translators(LANGUAGES, locales)
    database = await open_database(asked["database_url"])
    try:
        context = DocumentContext(database, campaign, translators)
        made = await make(context, ExportRequest.from_details(asked["order"]), Path(asked["folder"]), bounded=True)
    finally:
        await database.close()
    return {"files": [str(file) for file in made.files], "rows": made.rows}


def main() -> int:
    """Read the order, make the document, say where it is."""
    forbid_core_dumps()
    os.umask(0o077)
    with suppress(AttributeError):  # Windows
        os.nice(10)  # people are answered first
    asked = orjson.loads(sys.stdin.buffer.readline())
    configure(asked["log_level"], asked["secrets"])
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    try:
        made = asyncio.run(work(asked))
    except DatabaseUnavailableError:
        return AWAY
    except Exception as bug:
        report_bug(logger, "a document was not made, by a mistake of ours", bug)
        return 1
    sys.stdout.buffer.write(orjson.dumps(made))
    return 0


def _end_with_the_input() -> None:
    # Not through the buffer, which the interpreter wants for itself when it ends.
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    log_strays()
    sys.exit(main())
