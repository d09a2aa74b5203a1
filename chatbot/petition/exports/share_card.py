"""Picture of the petition to be shared, with a QR code: its content, and when a stored one is up to date."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Self, get_args

from chatbot.petition.job import JobDetails
from chatbot.petition.languages import Language

SHARE_CARD: Final = "card"
"""Kind of the job that draws it."""
SOURCE: Final = "picture"
"""Who comes by the QR code is counted under this name."""
CardShape = Literal["portrait", "square"]
SHAPES: Final[tuple[CardShape, ...]] = get_args(CardShape)


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Parameters of a picture."""

    shape: CardShape
    language: Language

    @property
    def name(self) -> str:
        """Key of the last picture's file_id in the app state."""
        return f"picture:card:{self.to_code()}"

    def stamp(self, total: int, ending: str | None, now: datetime) -> str:
        """Return what identifies the data of a picture. The hour is in it, because texts may have been edited."""
        return f"{now:%Y%m%d%H}/{total}/{ending}"

    def to_code(self) -> str:
        """Write a picture for the data of a button: `square.ko`."""
        return f"{self.shape}.{self.language}"

    @classmethod
    def from_code(cls, code: str) -> Self | None:
        """Read what `to_code` wrote; None for anything else."""
        name, _, language = code.partition(".")
        return next((cls(shape, language) for shape in SHAPES if shape == name and language), None)

    def to_details(self, link: str) -> dict[str, str | int | None]:
        """Return the picture, and the bot's link, as details of a job."""
        return {"card": self.to_code(), "link": link}

    @classmethod
    def from_details(cls, details: JobDetails) -> Self | None:
        """Read what `to_details` wrote."""
        return cls.from_code(str(details["card"]))
