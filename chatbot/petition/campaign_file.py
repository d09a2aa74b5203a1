"""Types that validate `campaign.toml`, and the messages for its authors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from chatbot.petition.broadcasts.quiet_hours import check_times
from chatbot.petition.languages import Direction, Language, is_code, parse_locale
from chatbot.petition.model import CampaignError, UnfinishedError
from chatbot.petition.text.campaign_values import (
    check_address,
    check_code,
    check_country,
    check_each_once,
    check_fallback,
    check_hashtag,
    check_known,
    check_labels,
    check_milestones,
    check_post,
    check_words,
    check_zone,
)
from chatbot.petition.text.contact import read_contact
from chatbot.petition.text.share_targets import DEFAULT_TARGETS, ShareTarget
from chatbot.petition.text.toml_mistakes import suggest
from chatbot.problem import InvalidValueError, Problem, either, explain_value, row

FACTS_FILE: Final = "campaign.toml"

MOST: Final = 10_000_000_000
"""More than there are people; the database can count it and a screen can show it."""

_ADDRESSES: Final = frozenset({"url", "contact"})  # no words: `&copy=` is no HTML entity there

OneLineText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\r\n]+$")]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Hashtag = Annotated[OneLineText, AfterValidator(check_hashtag), Field(max_length=64)]
Country = Annotated[OneLineText, AfterValidator(check_country)]
LikelyCountries = Annotated[list[Country], Field(min_length=1, max_length=12), AfterValidator(check_each_once)]
ShareText = Annotated[OneLineText, Field(max_length=199), AfterValidator(check_post)]
Code = Annotated[OneLineText, AfterValidator(check_code)]
Known = Annotated[Language, AfterValidator(check_known)]


class TomlTable(BaseModel):
    """A table of a campaign's file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    entries: ClassVar[type["TomlTable"] | None] = None
    """The type of the entries in its lists."""

    @field_validator("*")
    @classmethod
    def _check_words(cls, value: object, info: ValidationInfo) -> object:
        return check_words(value) if isinstance(value, str) and info.field_name not in _ADDRESSES else value


class PlaceTable(TomlTable):
    """One `[[links]]` entry: the address, and the label of its button in every language."""

    url: Annotated[OneLineText, AfterValidator(check_address), Field(max_length=1000)]
    label: Annotated[dict[Known, Annotated[OneLineText, Field(max_length=64)]], AfterValidator(check_labels)]


class FactsTable(TomlTable):
    """The facts of the petition. A wrong code in `languages` makes labels of links wrong too, so it is told first."""

    entries = PlaceTable
    languages: Annotated[list[Code], Field(min_length=1), AfterValidator(check_each_once)] | None = None
    hashtag: Hashtag | None = None
    started_on: date
    is_open: bool
    zone: Annotated[OneLineText, AfterValidator(check_zone)] | None = None
    carried_over: int = Field(0, ge=0, le=MOST)
    carried_over_from: Annotated[OneLineText, Field(max_length=64)] | None = None
    milestones: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST)]], Field(min_length=1, max_length=50), AfterValidator(check_milestones)
    ]
    likely_countries: LikelyCountries
    at_risk_countries: Annotated[list[Country], Field(max_length=50), AfterValidator(check_each_once)] = []
    contact: Annotated[OneLineText, AfterValidator(read_contact), Field(max_length=128)] | None = None
    quiet_hours: Annotated[list[OneLineText], AfterValidator(check_times)] = ["21:00", "08:00"]
    links: Annotated[list[PlaceTable], Field(max_length=8)] = []

    @model_validator(mode="after")
    def _name_where_from(self) -> "FactsTable":
        if self.carried_over and not self.carried_over_from:
            problem = Problem(
                'carried_over is {number}, but nobody knows where from; write carried_over_from = "…", the name of '
                "that place",
                number=self.carried_over,
            )
            raise InvalidValueError(problem)
        return self


class WordsTable(TomlTable):
    """Short texts of one language, in the table with its code, and what differs there from CLDR."""

    title: Annotated[OneLineText, Field(max_length=128)]
    addressee: Annotated[OneLineText, Field(max_length=128)]
    starter: Annotated[OneLineText, Field(max_length=128)]
    lead: Annotated[OneLineText, Field(max_length=160)] | None = None
    hashtag: Hashtag | None = None
    thanks: Annotated[OneLineText, Field(max_length=200)] | None = None
    thanks_milestone: Annotated[OneLineText, Field(max_length=400)] | None = None
    share_text: ShareText
    share_text_closed: ShareText | None = None
    share_text_won: ShareText | None = None
    share_to: Annotated[tuple[ShareTarget, ...], Field(strict=False, min_length=1), AfterValidator(check_each_once)] = (
        DEFAULT_TARGETS
    )
    bot_name: Annotated[OneLineText, Field(max_length=64)]
    bot_description: Annotated[Prose, Field(max_length=512)]
    bot_short_description: Annotated[OneLineText, Field(max_length=120)]
    name: Annotated[OneLineText, Field(max_length=32)] | None = None
    zone: Annotated[OneLineText, AfterValidator(check_zone)] | None = None
    fallback: Annotated[OneLineText, AfterValidator(check_fallback)] | None = None
    direction: Direction | None = None
    country: Country | None = None
    likely_countries: LikelyCountries | None = None


_T = TypeVar("_T", bound=TomlTable)

_WRONG: Final = {
    "missing": Problem("is missing; write a line {key} = …"),
    "string_type": Problem('must be words; put them in "quotation marks"'),
    "string_too_short": Problem("is empty; write something between the quotation marks"),
    "string_too_long": Problem("is longer than {max_length} characters; shorten it"),
    "string_pattern_mismatch": Problem("must be on one line; join its lines"),
    "int_type": Problem("must be a whole number; write it like 100000 or 100_000, without quotation marks"),
    "less_than_equal": Problem("must be {le} or less; correct the number"),
    "greater_than_equal": Problem("must be {ge} or more; correct the number"),
    "bool_type": Problem("must be true or false; write one of them, without quotation marks"),
    "date_type": Problem("must be a date; write it like 2012-02-14, without quotation marks"),
    "list_type": Problem("must be a list; put it in [brackets], with commas between the entries"),
    "dict_type": Problem("must be words by language; write it like {{ {example} }}"),
    "too_short": Problem("is empty; write at least one entry"),
    "too_long": Problem("has more than {max_length} entries; take some out"),
    "literal_error": Problem("is not known; use {known}"),
}
"""What to say about each kind of pydantic error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""


def find_languages(tables: Mapping[str, Any]) -> list[Language]:
    """Return the languages that `languages` lists or, without it, those that have a table, in order."""
    listed = tables.get("languages")
    if isinstance(listed, list):
        languages = [each for each in listed if isinstance(each, str) and is_code(each)]
    else:
        codes = [key for key in tables if is_code(key) and key not in FactsTable.model_fields]
        languages = [key for key in codes if isinstance(tables[key], dict) or parse_locale(key)]
    return list(dict.fromkeys(languages))


def check_table(
    table: type[_T], found: object, languages: Sequence[Language], inside: str = "", file: str = FACTS_FILE
) -> _T:
    """Validate `found`, as TOML gives it, as a table of that type; `inside` is the heading above it, if any.

    Raises `CampaignError` with one line for every problem, or `UnfinishedError` if things are only missing.
    """
    try:
        return table.model_validate(found, context={"languages": languages, "language": inside})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    is_unfinished = all(problem["type"] == "missing" for problem in problems)
    raise (UnfinishedError if is_unfinished else CampaignError)(
        *(_explain(table, problem, languages, inside, file) for problem in problems)
    )


def find_missing_labels(facts: FactsTable, language: Language) -> Iterator[Problem]:
    """Yield one line for each link without a label in this language."""
    for number, place in enumerate(facts.links, 1):
        if language not in place.label:
            yield Problem(
                "{file}: links, entry {number}, label has no words in {language}; write "
                '{{ {language} = "…" }} into it.',
                file=FACTS_FILE,
                number=number,
                language=language,
            )


def _explain(
    table: type[TomlTable], problem: ErrorDetails, languages: Sequence[Language], inside: str, file: str
) -> Problem:
    steps = [step for step in (inside, *problem["loc"]) if step not in {"", "[key]"}]
    names = [step for step in steps if isinstance(step, str)]
    key = names[-1] if names else ""
    in_list = len(names) < len(steps)
    if problem["type"] == "extra_forbidden":
        what = _suggest(key, (table.entries or table) if in_list else table, languages)
    elif problem["type"] == "model_type":
        heading = f"[[{key}]]" if in_list else f"[{key}]"
        what = Problem("must be a table of its own; write {heading} above its lines", heading=heading)
    else:
        example = ", ".join(f'{language} = "…"' for language in languages[:2])
        expected = either(re.findall("'[^']*'", problem.get("ctx", {}).get("expected", "")))
        what = explain_value(problem, _WRONG, key=key, example=example, known=expected)
    where = _name_place(steps)
    if not where:
        return Problem("{file}: {problem}.", file=file, problem=what)
    return Problem("{file}: {place} {problem}.", file=file, place=where, problem=what)


def _name_place(steps: Sequence[str | int]) -> str:
    """Name a place: links, entry 1, label.ko."""
    places: list[str] = []
    for before, step in pairwise((0, *steps)):
        if isinstance(step, int):
            places.append(Problem("entry {number}", number=step + 1))
        elif isinstance(before, str):
            places[-1] += f".{step}"
        else:
            places.append(step)
    return row(places)


def _suggest(key: str, table: type[TomlTable], languages: Sequence[Language]) -> Problem:
    known = [*table.model_fields, *(languages if table is FactsTable else ())]
    if key in FactsTable.model_fields:
        return Problem("is in the wrong place; move its line above the first one in [brackets]")
    return suggest(key, known)
