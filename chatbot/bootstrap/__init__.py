"""Puts the pieces together; the only package that knows them all."""

from chatbot.bootstrap.exporting import export
from chatbot.bootstrap.house import read_campaign
from chatbot.bootstrap.keeping import back_up, bring_up_to_date, check, move_to
from chatbot.bootstrap.living import run, web, work
from chatbot.bootstrap.sealing import make_keys, seal_all

__all__ = [
    "back_up",
    "bring_up_to_date",
    "check",
    "export",
    "make_keys",
    "move_to",
    "read_campaign",
    "run",
    "seal_all",
    "web",
    "work",
]
