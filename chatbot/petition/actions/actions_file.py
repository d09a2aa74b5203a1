"""Reads `actions.toml`, which a campaign may have beside `campaign.toml`, and the messages for its authors."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, field_validator, model_validator

from chatbot.petition.actions.action import Action, ActionKind, ActionWords
from chatbot.petition.campaign_file import Country, Known, OneLineText, Prose, ShareText, TomlTable, check_table
from chatbot.petition.languages import Language
from chatbot.petition.text.campaign_values import check_address, check_each_once, check_labels
from chatbot.petition.text.contact import is_mail_address, is_phone
from chatbot.problem import InvalidValueError, Problem

ACTIONS_FILE: Final = "actions.toml"
_ID: Final = re.compile(r"[a-z0-9-]{1,32}")
_NEEDS: Final[Mapping[ActionKind, tuple[str, ...]]] = {
    "link": ("url",),
    "mail": ("subject", "body"),
    "post": ("post",),
    "call": ("phone",),
}
_OWN: Final[Mapping[ActionKind, tuple[str, ...]]] = {**_NEEDS, "mail": ("to", "subject", "body")}
"""The lines that only actions of a kind have."""


def _check_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise InvalidValueError(
            Problem('must be small Latin letters, digits and hyphens, 32 at most; write it like "read-report"')
        )
    return text


def _check_mail_address(text: str) -> str:
    if not is_mail_address(text):
        raise InvalidValueError(Problem('must be one mail address; write it like "office@example.org"'))
    return text


def _check_phone(text: str) -> str:
    if not is_phone(text):
        raise InvalidValueError(Problem('must be a phone number; write it like "+82 2-123-4567"'))
    return text


_Label = Annotated[OneLineText, Field(max_length=40)]
_Text = Annotated[Prose, Field(max_length=600)]
_Subject = Annotated[OneLineText, Field(max_length=200)]
_Body = Annotated[Prose, Field(max_length=1500)]


class ActionTable(TomlTable):
    """One `[[actions]]` entry."""

    id: Annotated[OneLineText, AfterValidator(_check_id)]
    kind: ActionKind
    countries: Annotated[list[Country], Field(min_length=1, max_length=250), AfterValidator(check_each_once)] | None = (
        None
    )
    label: Annotated[dict[Known, _Label], Field(min_length=1), AfterValidator(check_labels)]
    text: Annotated[dict[Known, _Text], Field(min_length=1), AfterValidator(check_labels)]
    url: Annotated[OneLineText, AfterValidator(check_address), Field(max_length=1000)] | None = None
    to: Annotated[OneLineText, AfterValidator(_check_mail_address), Field(max_length=128)] | None = None
    subject: Annotated[dict[Known, _Subject], AfterValidator(check_labels)] | None = None
    body: Annotated[dict[Known, _Body], AfterValidator(check_labels)] | None = None
    post: Annotated[dict[Known, ShareText], AfterValidator(check_labels)] | None = None
    phone: Annotated[OneLineText, AfterValidator(_check_phone), Field(max_length=32)] | None = None

    @model_validator(mode="after")
    def _fit_kind(self) -> "ActionTable":
        given = {name for names in _OWN.values() for name in names if getattr(self, name) is not None}
        for name in _NEEDS[self.kind]:
            if name not in given:
                raise InvalidValueError(
                    Problem(
                        'is of the kind "{kind}" and lacks {name}; write a line {name} = …', kind=self.kind, name=name
                    )
                )
        if other := sorted(given - set(_OWN[self.kind])):
            raise InvalidValueError(
                Problem(
                    'is of the kind "{kind}", which has no {name}; take that line out, or write another kind',
                    kind=self.kind,
                    name=other[0],
                )
            )
        return self

    @model_validator(mode="after")
    def _have_same_languages(self) -> "ActionTable":
        for name in ("text", "subject", "body", "post"):
            words = getattr(self, name)
            for language in self.label.keys() ^ words.keys() if words is not None else ():
                lacks = name if language in self.label else "label"
                raise InvalidValueError(
                    Problem(
                        'has no {name} in {language}; write {{ {language} = "…" }} into it, or take that language out '
                        "of this action",
                        name=lacks,
                        language=language,
                    )
                )
        return self


class ActionsTable(TomlTable):
    """The whole file."""

    entries: ClassVar[type[TomlTable] | None] = ActionTable
    actions: Annotated[tuple[ActionTable, ...], Field(strict=False, max_length=12)] = ()

    @field_validator("actions")
    @classmethod
    def _name_each_once(cls, actions: tuple[ActionTable, ...]) -> tuple[ActionTable, ...]:
        check_each_once([each.id for each in actions])
        return actions


def read_actions(found: Mapping[str, Any], languages: Sequence[Language]) -> tuple[Action, ...]:
    """Read the file, as TOML gives it. Raises `CampaignError` with one line for every problem."""
    return tuple(map(_read, check_table(ActionsTable, found, languages, file=ACTIONS_FILE).actions))


def _read(table: ActionTable) -> Action:
    def find(words: Mapping[Language, str] | None, language: Language) -> str | None:
        return words[language] if words else None

    words = {
        language: ActionWords(
            label,
            table.text[language],
            find(table.subject, language),
            find(table.body, language),
            find(table.post, language),
        )
        for language, label in table.label.items()
    }
    countries = frozenset(table.countries or ())
    return Action(table.id, table.kind, words, countries, table.url, table.to, table.phone)
