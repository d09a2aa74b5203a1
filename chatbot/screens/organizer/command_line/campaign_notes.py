"""Notes of `check` about the files of a campaign. Plain text."""

from collections.abc import Sequence

from chatbot.i18n import Translator

_SHOWN = 40


def unread_file(_: Translator, file: str, names: Sequence[str]) -> str:
    return _.label("{file}: nobody reads this file; only {names} are read", file=file, names=_.join(names))


def actions_of_another(_: Translator, file: str) -> str:
    return _.label(
        "{file}: people are still offered what goes with the bundled petition; write your own, or delete the file",
        file=file,
    )


def long_paragraph(_: Translator, file: str, paragraph: str, length: int) -> str:
    return _.label(
        "{file}: the paragraph that begins with “{beginning}…” has {length} characters; make several of it, each "
        "between {begin} and {end}",
        file=file,
        begin="<p>",
        end="</p>",
        beginning=paragraph[:_SHOWN],
        length=_.number(length),
    )


def many_pages(_: Translator, file: str, pages: int) -> str:
    return _.label("{file}: has {pages} pages for a phone; few people read so many", file=file, pages=_.number(pages))


def no_catalog(_: Translator, file: str) -> str:
    return _.label("{file}: has no words; the bot speaks with those that it brings", file=file)


def stale_catalog(_: Translator, file: str, text: str, count: int) -> str:
    beginning = text.strip().split("\n")[0][:_SHOWN]
    return str(
        _.plural(
            "{file}: {count} text in it is of another version of the bot and never shown: “{beginning}…”",
            "{file}: {count} texts in it are of another version of the bot and never shown, first “{beginning}…”",
            count,
            file=file,
            beginning=beginning,
        ).unescape()
    )
