"""A picture of the petition's numbers: what it shows, and when one that was drawn is still true."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Self, cast

from chatbot.petition.broadcasts.post import Media
from chatbot.petition.job import JobDetails
from chatbot.petition.model import Language
from chatbot.petition.period import Period

PICTURE: Final = "picture"
"""The kind of errand that draws one."""
ChartView = Literal["growth", "ranks"]
"""The curve of the signatures, or the countries with the most."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn."""

    view: ChartView
    period: Period
    language: Language

    @property
    def name(self) -> str:
        """The name under which Telegram's id of the last one is kept."""
        return f"picture:{self.view}:{self.period}:{self.language}"

    def stamp(self, signatures: int, now: datetime) -> str:
        """What one drawn `now` is true for: this many signatures, and this hour."""
        return f"{now:%Y%m%d%H}/{signatures}"

    def media(self, file_id: str) -> Media:
        """One that Telegram has already."""
        return Media("photo", file_id)

    def to_details(self) -> dict[str, str | int | None]:
        """The picture as an errand keeps it."""
        return {"view": self.view, "span": self.period, "language": self.language}

    @classmethod
    def from_details(cls, details: JobDetails) -> Self:
        """Read what `to_details` wrote."""
        return cls(
            cast("ChartView", details["view"]), cast("Period", details["span"]), cast("Language", details["language"])
        )
