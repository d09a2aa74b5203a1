"""Export request: the content and format of a document."""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, Literal, Self, cast, get_args

from chatbot.petition.dates.zones import find_midnight
from chatbot.petition.job import JobDetails
from chatbot.petition.languages import Language

DocumentKind = Literal["signatures", "log", "delivery"]
Format = Literal["csv", "xlsx", "pdf"]
DOCUMENT_KINDS: Final[tuple[DocumentKind, ...]] = get_args(DocumentKind)
TABLES: Final[tuple[Format, ...]] = ("csv", "xlsx")
"""Formats of tables; the petition document is a PDF."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """A request for an export. Days are in the campaign's time zone, both included; None means no bound."""

    what: DocumentKind
    format: Format
    language: Language
    first_day: date | None = None
    last_day: date | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    set_aside: bool = False
    """Whether to include signatures that were set aside, each marked."""

    def begins_at(self, zone: tzinfo) -> datetime | None:
        """Return the first moment of the first day."""
        return None if self.first_day is None else find_midnight(self.first_day, zone)

    def ends_at(self, zone: tzinfo) -> datetime | None:
        """Return the end of the last day."""
        return None if self.last_day is None else find_midnight(self.last_day, zone, later=1)

    def name(self, day: date, petition: str = "") -> str:
        """Name its file, made on `day`, so that no other choice of what is in it has the same name.

        `petition` is the name of the petition in Latin letters, for who runs several.
        """
        days = (each.isoformat() if each else "" for each in (self.first_day, self.last_day))
        is_part = self.first_day is not None or self.last_day is not None
        parts = (_FILE_NAMES[self.what], petition, self.country, "_".join(days) if is_part else None, self.language)
        return "-".join((*(part for part in parts if part), f"{day:%Y-%m-%d}"))

    def to_details(self) -> dict[str, str | int | None]:
        """Return the request as details of a job."""
        return {
            "what": self.what,
            "format": self.format,
            "language": self.language,
            "first_day": self.first_day.isoformat() if self.first_day else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "country": self.country,
            "set_aside": int(self.set_aside),
        }

    @classmethod
    def from_details(cls, details: JobDetails) -> Self:
        """Read what `to_details` wrote."""
        return cls(
            what=details["what"],  # type: ignore[arg-type]
            format=details["format"],  # type: ignore[arg-type]
            language=str(details["language"]),
            first_day=_read_day(details["first_day"]),
            last_day=_read_day(details["last_day"]),
            country=None if details["country"] is None else str(details["country"]),
            set_aside=details.get("set_aside") == 1,
        )


_FILE_NAMES: Final[dict[DocumentKind, str]] = {"signatures": "signatures", "log": "log", "delivery": "petition"}
_CODES: Final[dict[DocumentKind, str]] = {"signatures": "s", "log": "l", "delivery": "d"}


def to_code(request: ExportRequest) -> str:
    """Write a request for the data of a button: `s.csv.ko.20261101.20261130.KR`."""
    days = (day.isoformat().replace("-", "") if day else "" for day in (request.first_day, request.last_day))
    return ".".join((_CODES[request.what], request.format, request.language, *days, request.country or ""))


def from_code(code: str) -> ExportRequest | None:
    """Read what `to_code` wrote; None for anything else."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    what, form, language, first, last, country = found.groups()
    try:
        first_day, last_day = (date.fromisoformat(day) if day else None for day in (first, last))
    except ValueError:
        return None
    kinds: dict[str, DocumentKind] = {letter: each for each, letter in _CODES.items()}
    return ExportRequest(kinds[what], cast("Format", form), language, first_day, last_day, country or None)


_CODE: Final = re.compile(
    r"([sld])\.(csv|xlsx|pdf)\.([A-Za-z0-9_]{2,12})\.((?:[0-9]{8})?)\.((?:[0-9]{8})?)\.((?:[A-Z]{2})?)", re.ASCII
)


def _read_day(day: str | int | None) -> date | None:
    return None if day is None else date.fromisoformat(str(day))
