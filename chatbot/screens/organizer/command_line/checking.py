"""What the command `check` reports, beside the problems it finds."""

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign, CampaignWords


def language_in_order(_: Translator, language: Language, words: CampaignWords) -> str:
    return _.label(
        "{language}: {title} (pages: {pages}, updates: {updates})",
        language=language,
        title=words.title,
        pages=_.number(len(words.appeal)),
        updates=_.number(len(words.updates)),
    )


def language_not_offered(_: Translator, language: Language) -> str:
    command = f"python -m chatbot check --language {language}"
    return _.label(
        "{language}: not offered to people yet; `{command}` says what is missing", language=language, command=command
    )


def folder_not_listed(_: Translator, folder: str, file: str) -> str:
    return _.label(
        '{folder}: nobody reads this folder; write "{folder}" into `languages` of {file} if you meant to',
        folder=folder,
        file=file,
    )


def folder_is_empty(_: Translator, folder: str, file: str, appeal: str) -> str:
    return _.label(
        "{folder}: this folder is empty, and nobody reads it; take it away, or put {appeal} into it and write "
        '"{folder}" into `languages` of {file}',
        folder=folder,
        appeal=appeal,
        file=file,
    )


def campaign_in_order(_: Translator, campaign: Campaign, *, is_open: bool) -> str:
    people = _.plural("{count} supporter", "{count} supporters", campaign.carried_over)
    if is_open:
        return _.label("The campaign is in order, and open. Carried over: {people}.", people=people)
    return _.label("The campaign is in order, and closed. Carried over: {people}.", people=people)


def no_database(_: Translator) -> str:
    return _.label("There is no database yet; the first start makes it.")


def database_in_order(_: Translator) -> str:
    return _.label("The database is in order: every count equals its recount.")


def ended_in_chat(_: Translator, status: PetitionStatus) -> str:
    """Say that the petition was ended in the chat, and when, if that is known."""
    day = f"{status.ended_at:%Y-%m-%d}" if status.ended_at else None
    if status.ending == "closed":
        if day is None:
            return _.label("Nobody can sign: in the chat the owners closed it. /reopen opens it again.")
        return _.label("Nobody can sign: in the chat the owners closed it on {day}. /reopen opens it again.", day=day)
    if day is None:
        return _.label("Nobody can sign: in the chat the owners closed it as won. /reopen opens it again.")
    return _.label(
        "Nobody can sign: in the chat the owners closed it as won on {day}. /reopen opens it again.", day=day
    )
