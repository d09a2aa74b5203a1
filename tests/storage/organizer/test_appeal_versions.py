"""Storing versions of the appeal, on both engines."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from chatbot.petition.languages import Language
from chatbot.petition.text.appeal_version import SignedText, name_version, write_words
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import app_state, appeal_versions
from tests.storage.conftest import Sign
from tests.support.cast import NOW

Appeals = Mapping[Language, str]
BOTH: Appeals = {"ko": "글", "en": "Words"}


def sign_text(appeals: Appeals) -> dict[Language, SignedText]:
    """Return what people sign: a title and an appeal. The layout of spaces does not change its words."""
    return {
        language: SignedText(("Title", text), write_words(language, "Title", "UN", " ".join(text.split())))
        for language, text in appeals.items()
    }


async def start(database: Database, appeals: Appeals, days: int = 0) -> tuple[str, str | None]:
    """Start the bot with these appeals; return the version, and which one it replaces."""
    return await database.transact_exclusive(appeal_versions.register, sign_text(appeals), NOW + timedelta(days=days))


async def read(database: Database, version: str) -> dict[Language, str]:
    """Return the text of a version by language."""
    found = await database.transact(appeal_versions.read_paragraphs, version)
    return {language: text for language, [_title, text] in found.items()}


async def make_old(database: Database, appeals: Appeals) -> str:
    """Store a version as the code did that stored no words."""
    version, _ = await start(database, appeals)

    async def work(tx: Transaction) -> None:
        await tx.run("UPDATE appeal_versions SET signed_words = NULL")
        await app_state.drop(tx, "appeal_version")

    await database.transact(work)
    return version


async def test_first_start_stores_a_version_and_returns_the_one_before(database: Database) -> None:
    first, before = await start(database, BOTH)
    assert (before, await start(database, BOTH)) == (None, (first, None))
    changed = {**BOTH, "ko": "다른 글"}
    found = await asyncio.gather(*(start(database, changed, 1) for _ in range(3)))
    second = found[0][0]
    assert sorted(found, key=str) == [(second, first), (second, None), (second, None)]
    new, old = await database.transact(appeal_versions.list_versions)
    assert (new.version, old.version, old.first_seen_at) == (second, first, NOW)
    assert (await read(database, first), await read(database, second)) == (BOTH, changed)
    assert await read(database, "v9") == {}


async def test_version_without_a_text_is_listed(database: Database, sign: Sign) -> None:
    await database.transact(sign, 1)
    [earlier] = await database.transact(appeal_versions.list_versions)
    assert (earlier.version, earlier.first_seen_at, earlier.signed) == ("v1", None, 1)
    assert (await start(database, BOTH))[1] == "v1"


async def test_added_language_belongs_to_the_version(database: Database) -> None:
    first, _ = await start(database, BOTH)
    more = {**BOTH, "ja": "文"}
    assert await start(database, more, 1) == (first, None)
    assert await read(database, first) == more
    assert await start(database, {**more, "ja": " 文\n"}, 2) == (first, None)
    assert len(await database.transact(appeal_versions.list_versions)) == 1


async def test_removed_language_stays_provable_and_comes_back_with_the_same_text(database: Database) -> None:
    first, _ = await start(database, BOTH)
    for days, appeals in enumerate(({"en": "Words"}, {"en": "Words", "ja": "文"}, {"ko": "글"}, BOTH)):
        assert await start(database, appeals, days) == (first, None)
    assert await read(database, first) == {**BOTH, "ja": "文"}


async def test_language_that_comes_back_with_another_text_makes_a_new_version(database: Database) -> None:
    first, _ = await start(database, BOTH)
    await start(database, {"en": "Words"}, 1)
    second, before = await start(database, {**BOTH, "ko": "다른 글"}, 2)
    assert (before, second != first) == (first, True)
    assert (await read(database, first), (await read(database, second))["ko"]) == (BOTH, "다른 글")


async def test_changed_language_makes_a_new_version_although_others_stay(database: Database) -> None:
    first, _ = await start(database, BOTH)
    second, before = await start(database, {"ko": "글", "en": "Write it again", "ja": "文"}, 1)
    assert (before, second != first) == (first, True)
    # Korean alone belongs to both: the one that was in force last stays.
    assert await start(database, {"ko": "글"}, 2) == (second, None)
    assert await start(database, BOTH, 3) == (first, None)
    assert await start(database, {"ko": "글"}, 4) == (first, None)


async def test_appeal_in_other_languages_only_makes_a_new_version(database: Database) -> None:
    first, _ = await start(database, {"ko": "글"})
    assert (await start(database, {"en": "Words"}, 1))[1] == first


async def test_processes_that_add_a_language_differently_store_two_versions(database: Database) -> None:
    first, _ = await start(database, BOTH)
    texts = ({**BOTH, "ja": "文"}, {**BOTH, "ja": "他の文"})
    found = await asyncio.gather(*(start(database, each, 1) for each in texts))
    versions = [version for version, _ in found]
    assert first in versions
    assert len(set(versions)) == 2
    for version, appeals in zip(versions, texts, strict=True):
        assert await read(database, version) == appeals


async def test_old_database_keeps_its_version_when_a_language_is_added(database: Database) -> None:
    old = await make_old(database, BOTH)
    assert old == name_version({language: text.words for language, text in sign_text(BOTH).items()})
    # These are the same words in another layout. Only the name of the version tells so.
    more = {"ko": " 글\n", "en": "Words", "ja": "文"}
    assert await start(database, more, 1) == (old, None)
    assert await start(database, {"ko": "글"}, 2) == (old, None)
    assert (await start(database, {**more, "ja": "他の文"}, 3))[1] == old


async def test_old_database_keeps_its_version_when_a_language_is_removed(database: Database) -> None:
    old = await make_old(database, BOTH)
    assert await start(database, {"ko": "글"}, 1) == (old, None)
    assert (await start(database, {"ko": "글", "en": "Write it again"}, 2))[1] == old


async def test_old_database_gets_a_new_version_when_a_language_is_changed(database: Database) -> None:
    old = await make_old(database, BOTH)
    assert (await start(database, {"ko": "다른 글"}, 1))[1] == old


async def test_old_database_that_went_back_to_an_earlier_version_keeps_it(database: Database) -> None:
    first, _ = await start(database, BOTH)
    await start(database, {**BOTH, "en": "Write it again"}, 1)
    assert await make_old(database, BOTH) == first
    assert await start(database, BOTH, 2) == (first, None)
    assert await start(database, {**BOTH, "ja": "文"}, 3) == (first, None)
