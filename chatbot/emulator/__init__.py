"""A Telegram emulator for the demo, the tests and the benchmarks. It imports nothing from the bot."""

from chatbot.emulator.web.server import Emulator
from chatbot.emulator.world.faults import Fault, Faults
from chatbot.emulator.world.people import EmulatedPerson, Gathering
from chatbot.emulator.world.rates import Rates
from chatbot.emulator.world.watch import Watch
from chatbot.emulator.world.world import World

__all__ = ["EmulatedPerson", "Emulator", "Fault", "Faults", "Gathering", "Rates", "Watch", "World"]
