"""Types that validate `campaign.toml`, and the messages for its authors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, Final, TypeVar

from babel.core import get_global
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
from chatbot.petition.countries.names import CODES
from chatbot.petition.dates.zones import is_zone
from chatbot.petition.languages import LONGEST_CODE, Direction, Language, is_code, parse_locale
from chatbot.petition.model import CampaignError, UnfinishedError
from chatbot.petition.text.contact import read_contact
from chatbot.petition.text.post_length import LONGEST_POST, weigh_for_x
from chatbot.petition.text.share_targets import DEFAULT_TARGETS, ShareTarget
from chatbot.telegram_text import find_plain_faults, is_address, is_visible

_Codes = TypeVar("_Codes", bound=Sequence[str])

FACTS_FILE: Final = "campaign.toml"

MOST: Final = 10_000_000_000
"""More than there are people; the database can count it and a screen can show it."""

_ADDRESSES: Final = frozenset({"url", "contact"})  # no words: `&copy=` is no HTML entity there


def _hashtag(text: str) -> str:
    if not re.fullmatch(r"#\w*[^\W\d_]\w*", text):
        raise ValueError('must be # and one word of letters; write it like "#SaveMyFriend"')
    return text


def _country(code: str) -> str:
    code = code.upper()
    if code not in CODES:
        known = get_global("territory_aliases").get(code, [])
        hint = f"write {known[0]}" if known else "write the two letters of ISO 3166, like KR or US"
        raise ValueError(f"is “{code}”, which is not the code of a country; {hint}")
    return code


def _milestones(totals: list[int]) -> list[int]:
    for before, after in pairwise(totals):
        if before >= after:
            raise ValueError(f"has {after} after {before}; put them in order, from small to large, each one once")
    return totals


def _each_once(codes: _Codes) -> _Codes:
    if repeated := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"has {min(repeated)} twice; take one out")
    return codes


def _words(text: str) -> str:
    if not is_visible(text):
        raise ValueError("has nothing in it that can be seen; write something between the quotation marks")
    if fault := next(find_plain_faults(text), None):
        raise ValueError(f"has a mistake: {fault}")
    return text


def _address(url: str) -> str:
    if not is_address(url):
        raise ValueError('must be a whole address; write it like "https://example.org"')
    return url


def _known(language: str, info: ValidationInfo) -> str:
    if language not in (known := _listed(info)):
        raise ValueError(f"is not a language of this bot; use {_either(known)}")
    return language


def _labels(labels: dict[Language, str]) -> dict[Language, str]:
    for label in labels.values():
        _words(label)
    return labels


def _code(language: str) -> str:
    if not is_code(language):
        how = f"write it like th, pt_BR or zh_Hant, in up to {LONGEST_CODE} letters"
        raise ValueError(f"is “{language}”, which is not the code of a language; {how}")
    return language


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError(f'is “{name}”, which is not a time zone; write it like "Asia/Seoul" or "UTC"')
    return name


def _fallback(language: str, info: ValidationInfo) -> str:
    others = [each for each in _listed(info) if each != (info.context or {}).get("language")]
    if language not in others:
        raise ValueError(f"is “{language}”, which is no other language of this petition; use {_either(others)}")
    return language


def _listed(info: ValidationInfo) -> Sequence[Language]:
    listed: Sequence[Language] = (info.context or {}).get("languages", ())
    return listed


def _either(languages: Sequence[Language]) -> str:
    return " or ".join(map(repr, languages)) or "another one"


def _post(text: str) -> str:
    if (weight := weigh_for_x(text)) > LONGEST_POST:
        raise ValueError(
            f"weighs {weight} on X (Hangul counts double), where {LONGEST_POST} fit beside the link; shorten it"
        )
    return text


OneLineText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\r\n]+$")]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Hashtag = Annotated[OneLineText, AfterValidator(_hashtag), Field(max_length=64)]
Country = Annotated[OneLineText, AfterValidator(_country)]
ShareText = Annotated[OneLineText, Field(max_length=199), AfterValidator(_post)]
Known = Annotated[Language, AfterValidator(_known)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @field_validator("*")
    @classmethod
    def _check_words(cls, value: object, info: ValidationInfo) -> object:
        return _words(value) if isinstance(value, str) and info.field_name not in _ADDRESSES else value


class PlaceTable(_Table):
    """One `[[links]]` entry: the address, and the label of its button in every language."""

    url: Annotated[OneLineText, AfterValidator(_address), Field(max_length=1000)]
    label: Annotated[dict[Known, Annotated[OneLineText, Field(max_length=64)]], AfterValidator(_labels)]


class FactsTable(_Table):
    """The facts of the petition. A wrong code in `languages` makes labels of links wrong too, so it is told first."""

    languages: (
        Annotated[list[Annotated[OneLineText, AfterValidator(_code)]], Field(min_length=1), AfterValidator(_each_once)]
        | None
    ) = None
    hashtag: Hashtag | None = None
    started_on: date
    is_open: bool
    zone: Annotated[OneLineText, AfterValidator(_zone)] | None = None
    carried_over: int = Field(0, ge=0, le=MOST)
    carried_over_from: Annotated[OneLineText, Field(max_length=64)] | None = None
    milestones: Annotated[
        list[Annotated[int, Field(ge=1, le=MOST)]], Field(min_length=1, max_length=50), AfterValidator(_milestones)
    ]
    likely_countries: Annotated[list[Country], Field(min_length=1, max_length=12), AfterValidator(_each_once)]
    at_risk_countries: Annotated[list[Country], Field(max_length=50), AfterValidator(_each_once)] = []
    contact: Annotated[OneLineText, AfterValidator(read_contact), Field(max_length=128)] | None = None
    quiet_hours: Annotated[list[OneLineText], AfterValidator(check_times)] = ["21:00", "08:00"]
    links: Annotated[list[PlaceTable], Field(max_length=8)] = []

    @model_validator(mode="after")
    def _name_where_from(self) -> "FactsTable":
        if self.carried_over and not self.carried_over_from:
            raise ValueError(
                f"carried_over is {self.carried_over}, but nobody knows where from; "
                'write carried_over_from = "…", the name of that place'
            )
        return self


class WordsTable(_Table):
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
    share_to: Annotated[tuple[ShareTarget, ...], Field(strict=False, min_length=1), AfterValidator(_each_once)] = (
        DEFAULT_TARGETS
    )
    bot_name: Annotated[OneLineText, Field(max_length=64)]
    bot_description: Annotated[Prose, Field(max_length=512)]
    bot_short_description: Annotated[OneLineText, Field(max_length=120)]
    name: Annotated[OneLineText, Field(max_length=32)] | None = None
    zone: Annotated[OneLineText, AfterValidator(_zone)] | None = None
    fallback: Annotated[OneLineText, AfterValidator(_fallback)] | None = None
    direction: Direction | None = None
    country: Country | None = None


_T = TypeVar("_T", bound=_Table)

_WRONG: Final = {
    "missing": "is missing; write a line {key} = …",
    "string_type": 'must be words; put them in "quotation marks"',
    "string_too_short": "is empty; write something between the quotation marks",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "string_pattern_mismatch": "must be on one line; join its lines",
    "int_type": "must be a whole number; write it like 178_921, without quotation marks",
    "less_than_equal": "must be {le} or less; correct the number",
    "greater_than_equal": "must be {ge} or more; correct the number",
    "bool_type": "must be true or false; write one of them, without quotation marks",
    "date_type": "must be a date; write it like 2012-02-14, without quotation marks",
    "list_type": "must be a list; put it in [brackets], with commas between the entries",
    "dict_type": "must be words by language; write it like {{ {example} }}",
    "too_short": "is empty; write at least one entry",
    "too_long": "has more than {max_length} entries; take some out",
    "literal_error": "is not known; use {expected}",
    "value_error": "{error}",
}
"""Message for each kind of pydantic error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""


def find_languages(tables: Mapping[str, Any]) -> list[Language]:
    """Return the languages that `languages` lists or, without it, those that have a table, in order."""
    listed = tables.get("languages")
    if isinstance(listed, list):
        languages = [each for each in listed if isinstance(each, str) and is_code(each)]
    else:
        codes = [key for key in tables if is_code(key) and key not in FactsTable.model_fields]
        languages = [key for key in codes if isinstance(tables[key], dict) or parse_locale(key)]
    return list(dict.fromkeys(languages))


def check_table(table: type[_T], found: object, languages: Sequence[Language], inside: str = "") -> _T:
    """Validate `found`, as TOML gives it, as a table of that type; `inside` is the heading above it, if any.

    Raises `CampaignError` with one line for every problem, or `UnfinishedError` if things are only missing.
    """
    try:
        return table.model_validate(found, context={"languages": languages, "language": inside})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    is_unfinished = all(problem["type"] == "missing" for problem in problems)
    raise (UnfinishedError if is_unfinished else CampaignError)(
        *(f"{FACTS_FILE}: {_explain(table, problem, languages, inside)}." for problem in problems)
    )


def find_missing_labels(facts: FactsTable, language: Language) -> Iterator[str]:
    """Yield one line for each link without a label in this language."""
    for number, place in enumerate(facts.links, 1):
        if language not in place.label:
            yield (
                f"{FACTS_FILE}: links, entry {number}, label has no words in {language}; "
                f'write {{ {language} = "…" }} into it.'
            )


def _explain(table: type[_Table], problem: ErrorDetails, languages: Sequence[Language], inside: str) -> str:
    steps = [step for step in (inside, *problem["loc"]) if step not in {"", "[key]"}]
    names = [step for step in steps if isinstance(step, str)]
    key = names[-1] if names else ""
    in_list = len(names) < len(steps)
    if problem["type"] == "extra_forbidden":
        what = _suggest(key, PlaceTable if in_list else table, languages)
    elif problem["type"] == "model_type":
        what = f"must be a table of its own; write {f'[[{key}]]' if in_list else f'[{key}]'} above its lines"
    else:
        example = ", ".join(f'{language} = "…"' for language in languages[:2])
        what = _WRONG.get(problem["type"], problem["msg"]).format(key=key, example=example, **problem.get("ctx", {}))
    where = "".join(f", entry {step + 1}, " if isinstance(step, int) else f"{step}." for step in steps)
    return f"{where.replace('.,', ',').rstrip('., ')} {what}".lstrip()


def _suggest(key: str, table: type[_Table], languages: Sequence[Language]) -> str:
    known = [*table.model_fields, *(languages if table is FactsTable else ())]
    if key in FactsTable.model_fields:
        return "is in the wrong place; move its line above the first one in [brackets]"
    if near := get_close_matches(key, known, n=1, cutoff=0.5 if len(key) < 4 else 0.65):
        return f"is not known; if you meant {near[0]}, write that"
    return f"is not known; take it out, or use one of {', '.join(known)}"
