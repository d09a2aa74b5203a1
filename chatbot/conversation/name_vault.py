"""Seals names and reasons before they are stored, if the petition has a key.

The bot cannot open what it has sealed. To show people what they are about to sign, the process keeps the text in memory
for half an hour. After that, after a restart or in another process, they see that it is sealed.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from chatbot.petition.sealing.envelope import is_sealed
from chatbot.petition.signing.draft import Draft

REMEMBERED: Final = 1_800.0
"""Seconds."""
_MOST: Final = 10_000
"""Texts remembered at once."""


class Sealer(Protocol):
    """`chatbot.petition.sealing.keys.Seal`; its library is not loaded without a key."""

    def close(self, text: str) -> str:
        """Give the sealed form of `text`."""


class NameVault:
    """Turns texts into what is stored, and back as long as it remembers them. Without `seal` both are the same."""

    def __init__(self, seal: Sealer | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._seal = seal
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[float, str]] = OrderedDict()

    @property
    def is_sealing(self) -> bool:
        """Whether names and reasons are sealed."""
        return self._seal is not None

    def seal(self, text: str) -> str:
        """Give what may be stored of `text`."""
        if self._seal is None:
            return text
        now, sealed = self._clock(), self._seal.close(text)
        self._remembered[sealed] = (now, text)
        while len(self._remembered) > _MOST or next(iter(self._remembered.values()))[0] < now - REMEMBERED:
            self._remembered.popitem(last=False)
        return sealed

    def seal_stored(self, text: str | None) -> str | None:
        """Seal what is stored in clear since before there was a key; a sealed text stays as it is."""
        return self.seal(text) if text and not is_sealed(text) else text

    def seal_draft(self, draft: Draft) -> Draft:
        """Seal the answers of a draft from before there was a key. The undo of a change stays: its button names it."""
        if self._seal is None:
            return draft
        name, reason, doubtful = map(self.seal_stored, (draft.name, draft.reason, draft.doubtful_name))
        return replace(draft, name=name, reason=reason, doubtful_name=doubtful)

    def forget(self, *stored: str | None) -> None:
        """Forget the texts of what was stored."""
        for each in stored:
            self._remembered.pop(each or "", None)

    def recall(self, stored: str) -> str | None:
        """Give the text of what was stored. None if it is sealed and no longer remembered."""
        if not is_sealed(stored):
            return stored
        at, text = self._remembered.get(stored, (float("-inf"), ""))
        return text if at >= self._clock() - REMEMBERED else None
