"""A pretend Telegram for the demo, the tests and the benchmarks. It imports nothing of the bot."""

from .faults import Fault, Faults
from .people import Gathering, Person
from .rates import Rates
from .server import Emulator
from .watch import Watch
from .world import World

__all__ = ["Emulator", "Fault", "Faults", "Gathering", "Person", "Rates", "Watch", "World"]
