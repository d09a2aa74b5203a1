"""Every table of the schema but those of the migrations, collected from the modules that declare them."""

from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from chatbot.storage import broadcasts, organizer, people
from chatbot.storage.engine.database import StoredTable

_DECLARED: Final = {
    value.name: value
    for package in (people, broadcasts, organizer)
    for module in iter_modules(package.__path__, f"{package.__name__}.")
    for value in vars(import_module(module.name)).values()
    if isinstance(value, StoredTable)
}
TABLES: Final = {
    name: _DECLARED[name]
    for name in TopologicalSorter({name: table.parents for name, table in _DECLARED.items()}).static_order()
}
"""By name; parents come before the tables that refer to them."""
