"""Storing versions of the appeal, on both engines."""

import asyncio
from datetime import timedelta

from chatbot.petition.languages import Language
from chatbot.storage import Database
from chatbot.storage.organizer import appeal_versions
from tests.storage.conftest import Sign
from tests.support.cast import NOW

FIRST: dict[Language, tuple[str, ...]] = {"ko": ("제목", "글"), "en": ("Title", "Words")}


async def test_first_registration_stores_a_version_and_returns_the_one_before(database: Database, sign: Sign) -> None:
    async def start(version: str, days: int = 0) -> str | None:
        return await database.transact(appeal_versions.register, version, FIRST, NOW + timedelta(days=days))

    assert [await start("v1"), await start("v1")] == [None, None]
    await database.transact(sign, 1)
    assert sorted(map(str, await asyncio.gather(*(start("v2", 1) for _ in range(3))))) == ["None", "None", "v1"]
    new, old = await database.transact(appeal_versions.list_versions)
    assert (new.version, new.signed, old.version, old.signed, old.first_seen_at) == ("v2", 0, "v1", 1, NOW)
    assert await database.transact(appeal_versions.read_paragraphs, "v1", "ko") == ["제목", "글"]
    assert await database.transact(appeal_versions.read_paragraphs, "v9", "ko") is None


async def test_version_without_a_text_is_listed(database: Database, sign: Sign) -> None:
    await database.transact(sign, 1)
    [earlier] = await database.transact(appeal_versions.list_versions)
    assert (earlier.version, earlier.first_seen_at, earlier.signed) == ("v1", None, 1)
    assert await database.transact(appeal_versions.register, "v2", FIRST, NOW) == "v1"
