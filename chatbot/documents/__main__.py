"""Child process that makes one export; see `DocumentProcess`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from chatbot.documents.make import DocumentContext, make
from chatbot.documents.process import serve
from chatbot.logs import configure_logging
from chatbot.petition.exports.request import ExportRequest
from chatbot.screens.load import load_offered
from chatbot.storage import open_database


def main() -> int:
    """Make the export; return the exit code."""
    return serve(lambda request: asyncio.run(_make(request)))


async def _make(request: dict[str, Any]) -> dict[str, Any]:
    configure_logging(request["log_level"], request["secrets"])
    campaign, translators = load_offered([Path(each) for each in request["locales"]], request["languages"])
    database = await open_database(request["database_url"])
    try:
        context = DocumentContext(database, campaign, translators.in_zone(campaign.zone))
        export = ExportRequest.from_details(request["export"])
        made = await make(context, export, Path(request["folder"]), bounded=True)
    finally:
        await database.close()
    return {"files": [str(file) for file in made.files], "rows": made.rows, "named": made.named}


if __name__ == "__main__":
    sys.exit(main())
