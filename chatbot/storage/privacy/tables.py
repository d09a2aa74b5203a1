"""Every table of the schema but those of the migrations, collected from the modules that declare them."""

from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from chatbot.storage import broadcasts, organizer, people, places
from chatbot.storage.engine import schema
from chatbot.storage.engine.database import StoredTable
from chatbot.storage.engine.migrate import bundled, split

_DECLARED: Final = {
    value.name: value
    for package in (people, organizer, places, broadcasts)
    for module in walk_packages(package.__path__, f"{package.__name__}.")
    for value in vars(import_module(module.name)).values()
    if isinstance(value, StoredTable)
}
TABLES: Final = {
    name: _DECLARED[name]
    for name in TopologicalSorter({name: table.parents for name, table in _DECLARED.items()}).static_order()
}
"""By name; parents come before the tables that refer to them."""


@cache
def list_columns() -> dict[str, tuple[str, ...]]:
    """List the columns of every table, as this version's migrations make them: an operator may have added others."""
    return schema.list_columns([statement for migration in bundled() for statement in split(migration.sql)])
