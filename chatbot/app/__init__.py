"""The commands, and the wiring of all other packages."""

from chatbot.app.app import read_campaign
from chatbot.app.run import run, web, work

__all__ = ["read_campaign", "run", "web", "work"]
