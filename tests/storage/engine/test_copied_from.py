"""Migration 0034 finds the copies that the code before it made: they share a text with what they were copied from.

One whose texts were corrected in all languages stays unknown. A correction overwrites the posts, no other table has the
first text, and a guess by the number of people or by a picture would name wrong ones and refuse honest copies.
"""

from chatbot import storage
from chatbot.storage import Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.migrate import bundled, migrate

POSTS = {
    1: {"en": "Free.", "ko": "석방."},
    2: {"en": "Free.", "ko": "석방되었습니다."},
    3: {"en": "All free.", "ko": "석방되었습니다."},
    4: {"en": "Something else."},
}


async def test_older_copies_are_known_by_a_text_they_share(new_url: str) -> None:
    database = await storage.connect(new_url)

    async def write(tx: Transaction) -> None:
        for number, posts in POSTS.items():
            await tx.run(
                "INSERT INTO broadcasts (id, kind, organizer_id, created_at, audience_countries, reach) "
                "VALUES (:id, 'update', 1, '2026-03-01T09:00:00.000000Z', '', 'readers')",
                id=number,
            )
            for language, text in posts.items():
                await tx.run(
                    "INSERT INTO posts (broadcast_id, language, text) VALUES (:id, :language, :text)",
                    id=number,
                    language=language,
                    text=text,
                )

    try:
        await migrate(database, [migration for migration in bundled() if migration.number <= 33])
        await database.transact(write)
        await migrate(database)
        rows = await database.transact(lambda tx: tx.all("SELECT id, copied_from FROM broadcasts ORDER BY id"))
        assert [(row["id"], row["copied_from"]) for row in rows] == [(1, None), (2, 1), (3, 1), (4, None)]
        assert await find_problems(database) == []
    finally:
        await database.close()
