"""The declared tables match the schema: transfer, erasure, personal data and the checks rely on them."""

import re
from pathlib import Path

from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.privacy import personal_data
from chatbot.storage.privacy.tables import TABLES
from tests.storage.conftest import Sign
from tests.support.cast import HANA


async def test_declarations_equal_the_schema(file: Path) -> None:
    database = await open_database(f"sqlite:///{file}")

    async def compare(tx: Transaction) -> None:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'migration%'")
        assert {row["name"] for row in tables} == TABLES.keys()
        for name, table in TABLES.items():
            columns = await tx.all("SELECT name, pk FROM pragma_table_info(:name) ORDER BY pk", name=name)
            assert table.key == tuple(row["name"] for row in columns if row["pk"])
            parents = await tx.all('SELECT "table" AS name FROM pragma_foreign_key_list(:name)', name=name)
            assert {*table.parents} == {row["name"] for row in parents} - {name}
            pattern = r"(\w+_)?by|(\w+_)?(person|supporter|member|organizer|chat)_id"
            people = {row["name"] for row in columns if re.fullmatch(pattern, row["name"])}
            assert {*table.person, *table.member} - {"id"} == people

    await database.transact(compare)
    await database.close()


async def test_personal_data_has_the_declared_columns_alone(database: Database, sign: Sign) -> None:
    async def work(tx: Transaction) -> personal_data.PersonalData:
        await tx.run("ALTER TABLE supporters ADD COLUMN note TEXT NOT NULL DEFAULT 'about them'")
        await sign(tx, HANA)
        return await personal_data.gather(tx, HANA)

    kept = await database.transact(work)
    assert [row["id"] for row in kept["supporters"]] == [HANA]
    assert "note" not in kept["supporters"][0]


def test_tables_come_after_their_parents() -> None:
    order = list(TABLES)
    assert all(order.index(parent) < order.index(name) for name, table in TABLES.items() for parent in table.parents)
