"""Action: something that people can do after they signed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.petition.languages import Language

ActionKind = Literal["link", "mail", "post", "call"]


@dataclass(frozen=True, slots=True)
class ActionWords:
    """An action in one language."""

    label: str
    """Its name, on a button too."""
    text: str
    """What to do, and why."""
    subject: str | None = None
    """Subject of a mail."""
    body: str | None = None
    """Words of a mail; `{link}` is the reader's own link."""
    post: str | None = None
    """Words of a post, to which the reader's own link is added."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action, in the languages that it has words in."""

    id: str
    """Stored of people who have done it, so it stays the same."""
    kind: ActionKind
    words: Mapping[Language, ActionWords]
    countries: frozenset[str] = frozenset()
    """ISO 3166-1 alpha-2 codes of the countries whose signers it is for; empty for all."""
    url: str | None = None
    """Address of a link."""
    to: str | None = None
    """Address of a mail; None where people choose whom to write to."""
    phone: str | None = None
    """Number to call."""

    def is_for(self, language: Language, country: str, at_risk: Collection[str]) -> bool:
        """Whether a signer from `country` is offered it.

        Where signing may be dangerous, acting in public is as well: there, only what names the country is offered.
        """
        is_here = country in self.countries or (not self.countries and country not in at_risk)
        return is_here and language in self.words


def find_next(offered: Sequence[Action], done: Collection[str], after: str = "") -> Action | None:
    """Return the next action that is not done, beginning behind the one with the id `after`; None if all are done."""
    start = next((nth for nth, each in enumerate(offered, 1) if each.id == after), 0)
    return next((each for each in (*offered[start:], *offered[:start]) if each.id not in done), None)
