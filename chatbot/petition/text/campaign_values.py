"""Checks single values of `campaign.toml`, with messages for its authors."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from babel.core import get_global
from pydantic import ValidationInfo

from chatbot.petition.countries.names import CODES
from chatbot.petition.dates.zones import is_zone
from chatbot.petition.languages import LONGEST_CODE, Language, is_code
from chatbot.petition.text.post_length import LONGEST_POST, weigh_for_x
from chatbot.problem import InvalidValueError, Problem, either
from chatbot.telegram_text import find_plain_faults, is_address, is_visible

_Codes = TypeVar("_Codes", bound=Sequence[str])


def check_hashtag(text: str) -> str:
    """Check that it is `#` and a word."""
    if not re.fullmatch(r"#\w*[^\W\d_]\w*", text):
        raise InvalidValueError(Problem('must be # and one word of letters; write it like "#SaveMyFriend"'))
    return text


def check_country(code: str) -> str:
    """Return the code of a country in capitals."""
    code = code.upper()
    if code not in CODES:
        known = get_global("territory_aliases").get(code, [])
        if known:
            problem = Problem(
                "is “{code}”, which is not the code of a country; write {known}", code=code, known=known[0]
            )
            raise InvalidValueError(problem)
        problem = Problem(
            "is “{code}”, which is not the code of a country; write the two letters of ISO 3166, like KR or US",
            code=code,
        )
        raise InvalidValueError(problem)
    return code


def check_milestones(totals: list[int]) -> list[int]:
    """Check that totals ascend."""
    for before, after in pairwise(totals):
        if before >= after:
            problem = Problem(
                "has {after} after {before}; put them in order, from small to large, each one once",
                after=after,
                before=before,
            )
            raise InvalidValueError(problem)
    return totals


def check_each_once(codes: _Codes) -> _Codes:
    """Check that nothing is repeated."""
    if repeated := {code for code in codes if codes.count(code) > 1}:
        raise InvalidValueError(Problem("has {code} twice; take one out", code=min(repeated)))
    return codes


def check_words(text: str) -> str:
    """Check that a text is visible, and has nothing that Telegram cannot show."""
    if not is_visible(text):
        problem = Problem("has nothing in it that can be seen; write something between the quotation marks")
        raise InvalidValueError(problem)
    if fault := next(find_plain_faults(text), None):
        raise InvalidValueError(Problem("has a mistake: {fault}", fault=fault))
    return text


def check_address(url: str) -> str:
    """Check that it is a whole https address."""
    if not is_address(url):
        raise InvalidValueError(Problem('must be a whole address; write it like "https://example.org"'))
    return url


def check_known(language: str, info: ValidationInfo) -> str:
    """Check that it is a language of the petition."""
    if language not in (known := _listed(info)):
        raise InvalidValueError(Problem("is not a language of this bot; use {known}", known=_either(known)))
    return language


def check_labels(labels: dict[Language, str]) -> dict[Language, str]:
    """Check the text in each language."""
    for label in labels.values():
        check_words(label)
    return labels


def check_code(language: str) -> str:
    """Check that it is a code of a language."""
    if not is_code(language):
        problem = Problem(
            "is “{code}”, which is not the code of a language; write it like th, pt_BR or zh_Hant, in up to {most} "
            "letters",
            code=language,
            most=LONGEST_CODE,
        )
        raise InvalidValueError(problem)
    return language


def check_zone(name: str) -> str:
    """Check that it is a time zone."""
    if not is_zone(name):
        problem = Problem('is “{name}”, which is not a time zone; write it like "Asia/Seoul" or "UTC"', name=name)
        raise InvalidValueError(problem)
    return name


def check_fallback(language: str, info: ValidationInfo) -> str:
    """Check that it is another language of the petition."""
    others = [each for each in _listed(info) if each != (info.context or {}).get("language")]
    if language not in others:
        problem = Problem(
            "is “{code}”, which is no other language of this petition; use {known}",
            code=language,
            known=_either(others),
        )
        raise InvalidValueError(problem)
    return language


def _listed(info: ValidationInfo) -> Sequence[Language]:
    listed: Sequence[Language] = (info.context or {}).get("languages", ())
    return listed


def _either(languages: Sequence[Language]) -> str:
    return either([*map(repr, languages)]) or Problem("another one")


def check_post(text: str) -> str:
    """Check that a text fits into a post on X."""
    if (weight := weigh_for_x(text)) > LONGEST_POST:
        problem = Problem(
            "weighs {weight} on X (Hangul counts double), where {most} fit beside the link; shorten it",
            weight=weight,
            most=LONGEST_POST,
        )
        raise InvalidValueError(problem)
    return text
