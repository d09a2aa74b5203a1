"""The commands, and the wiring of all other packages."""

from chatbot.app.admin_commands import back_up, bring_up_to_date, check, check_language, move_to
from chatbot.app.app import read_campaign
from chatbot.app.export import export
from chatbot.app.keys import make_keys, seal_all
from chatbot.app.run import run, web, work

__all__ = [
    "back_up",
    "bring_up_to_date",
    "check",
    "check_language",
    "export",
    "make_keys",
    "move_to",
    "read_campaign",
    "run",
    "seal_all",
    "web",
    "work",
]
