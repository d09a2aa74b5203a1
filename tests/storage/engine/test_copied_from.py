"""Migrations 0034 and 0036 find older copies of broadcasts: a copy shares a text with its original.

A copy whose texts were all corrected stays unknown. The corrections overwrote the shared texts, and no other table has
them. A guess by the number of people or by a picture would name wrong originals, and refuse honest copies.
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
    5: {"en": "All free.", "ko": "모두 석방."},
    6: {"en": "All.", "ko": "모두 석방."},
}


async def test_migration_finds_older_copies_by_a_shared_text(new_url: str) -> None:
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
        found = [(row["id"], row["copied_from"]) for row in rows]
        assert found == [(1, None), (2, 1), (3, 1), (4, None), (5, 1), (6, 1)]
        assert await find_problems(database) == []
    finally:
        await database.close()
