"""Reading `SEALING_KEY`."""

from typing import TYPE_CHECKING

from chatbot.problem import Problem
from chatbot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from chatbot.petition.sealing.keys import Seal


def read_seal(settings: Settings) -> "Seal | None":
    """Read `SEALING_KEY`, the public keys that seal names; None if it is not set.

    Raises `SettingsError`.
    """
    if settings.sealing_key is None:
        return None
    # Imported here, so that a bot without sealed names does not load cryptography.
    from chatbot.petition.sealing.keys import KeyRefusedError, Seal

    try:
        return Seal.read(settings.sealing_key)
    except KeyRefusedError as refused:
        problem = Problem("{name}: {problem}", name="SEALING_KEY", problem=refused.problems[0])
        raise SettingsError(problem) from None
