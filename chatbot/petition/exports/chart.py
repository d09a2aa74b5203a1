"""Chart of the petition's numbers: its content, and when a stored one is up to date."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Self, cast
from zoneinfo import ZoneInfo

from chatbot.petition.broadcasts.post import Media
from chatbot.petition.job import JobDetails
from chatbot.petition.languages import Language
from chatbot.petition.period import Period

PICTURE: Final = "picture"
"""Kind of the job that draws a chart."""
ChartView = Literal["growth", "ranks"]
"""The curve of signatures, or the countries with the most."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Parameters of a chart."""

    view: ChartView
    period: Period
    language: Language

    @property
    def name(self) -> str:
        """Key of the last chart's file_id in the app state."""
        return f"picture:{self.view}:{self.period}:{self.language}"

    def stamp(self, signatures: int, now: datetime, zone: ZoneInfo) -> str:
        """Return what identifies the data of a chart: the hour, the number of signatures, and whose days they are."""
        return f"{now:%Y%m%d%H}/{signatures}/{zone.key}"

    def media(self, file_id: str) -> Media:
        """Return the chart as a file that Telegram has."""
        return Media("photo", file_id)

    def to_details(self) -> dict[str, str | int | None]:
        """Return the chart as details of a job."""
        return {"view": self.view, "span": self.period, "language": self.language}

    @classmethod
    def from_details(cls, details: JobDetails) -> Self:
        """Read what `to_details` wrote."""
        return cls(cast("ChartView", details["view"]), cast("Period", details["span"]), str(details["language"]))
