"""Questions and answers of the guided set-up. Plain text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chatbot.i18n import Translator

_Words = Callable[[Translator], str]

QUESTIONS: Final[Mapping[str, _Words]] = {
    "language": lambda _: _.label("Language of these questions"),
    "token": lambda _: _.label(
        "The bot's token. In Telegram, write /newbot to @BotFather, answer its two questions, and paste its last "
        "message here. It is not shown while you paste it."
    ),
    "campaign": lambda _: _.label("Which petition?"),
    "folder": lambda _: _.label("A name for the folder of its files"),
    "languages": lambda _: _.label("Its languages, the most important one first, such as 1 or 1 2"),
    "hashtag": lambda _: _.label("A hashtag, such as #OurForest. Without one: Enter"),
    "contact": lambda _: _.label(
        "Where people can ask about their data: a mail address, a phone number, a Telegram @name, an https link, or a "
        "chat app and a name such as KakaoTalk: forest. Later: Enter"
    ),
    "database": lambda _: _.label("Where are the signatures kept?"),
    "database_url": lambda _: _.label(
        "The address of the database, as its host shows it: postgresql://name:password@host/database. It is not shown "
        "while you paste it."
    ),
    "listening": lambda _: _.label("How does the bot get its messages?"),
    "webhook_url": lambda _: _.label(
        "The https address at which Telegram reaches this machine, with a path: https://petition.example.org/telegram"
    ),
    "write": lambda _: _.label("Is everything right?"),
}
"""By the name of the question."""

IN_LANGUAGE: Final[Mapping[str, Callable[[Translator, str], str]]] = {
    "title": lambda _, language: _.label("{language}: the title of the petition", language=language),
    "addressee": lambda _, language: _.label(
        "{language}: whom it is addressed to, rather an office than a person", language=language
    ),
    "starter": lambda _, language: _.label("{language}: who starts it, a person or a group", language=language),
    "lead": lambda _, language: _.label(
        "{language}: why it matters, in a sentence of up to 160 letters. It is the first thing that people read.",
        language=language,
    ),
    "demand": lambda _, language: _.label(
        "{language}: what you ask for, in one or two sentences of up to 300 letters", language=language
    ),
}
"""Questions that are asked once for each language."""


def begin(_: Translator) -> str:
    return _.label(
        "This sets up your petition. Enter takes what stands in [brackets]. Ctrl-C ends it at any question; then "
        "nothing has changed."
    )


def needs_a_terminal(_: Translator) -> str:
    return _.label(
        "setup asks questions, so it needs a terminal where somebody types. Without one, write the file petition.env: "
        "docs/operating.md, Settings"
    )


def cannot_write(_: Translator, folder: str) -> str:
    return _.label("{folder}: nothing can be written here; go to a folder of your own and start again", folder=folder)


def cannot_hide(_: Translator) -> str:
    return _.label(
        "This terminal would show what you paste. Put the token into the file telegram.token instead: docs/install.md"
    )


# Answers.


def keep_token(_: Translator, username: str | None) -> str:
    return f"@{username}" if username else _.label("the token you have")


def bundled(_: Translator, title: str) -> str:
    return _.label("{title}, the petition that comes with the bot", title=title)


def new(_: Translator) -> str:
    return _.label("A new one: a few more questions make its texts, and you can edit them later")


def as_before(_: Translator, what: str) -> str:
    return _.label("As before: {what}", what=what)


def in_file(_: Translator, file: str) -> str:
    return _.label("In the file {file} on this computer", file=file)


def on_server(_: Translator) -> str:
    return _.label("In a PostgreSQL database that you have")


def fetch(_: Translator) -> str:
    return _.label("It fetches them. That works everywhere: python -m chatbot run")


def be_brought(_: Translator) -> str:
    return _.label("Telegram brings them to an https address that you have: python -m chatbot web")


def write(_: Translator) -> str:
    return _.label("Yes, write it")


def leave(_: Translator) -> str:
    return _.label("No, leave everything as it was")


# What happens in between.


def asking(_: Translator) -> str:
    return _.label("Asking Telegram …")


def connecting(_: Translator) -> str:
    return _.label("Connecting …")


def found_bot(_: Translator, username: str) -> str:
    return _.label("This is @{username}.", username=username)


def choose_number(_: Translator, most: int) -> str:
    return _.label("Please type a number from 1 to {most}.", most=most)


def needed(_: Translator) -> str:
    return _.label("This needs an answer.")


def too_long(_: Translator, length: int, most: int) -> str:
    return _.label("That has {length} letters, and {most} fit.", length=length, most=most)


def unshowable(_: Translator) -> str:
    return _.label("Telegram cannot show all of its letters. Please type it again.")


def no_token(_: Translator) -> str:
    return _.label("There is no token in it. One looks like 123456789:AbC… and is in the last message of @BotFather.")


TROUBLE: Final[Mapping[str, _Words]] = {
    "REFUSED": lambda _: _.label(
        "Telegram does not know this token. Copy it once more: @BotFather shows it after /mybots, under API Token."
    ),
    "UNREACHABLE": lambda _: _.label(
        "Telegram cannot be reached from here: there is no internet, or a firewall or a proxy is in the way. Enter "
        "tries again. Where Telegram is blocked, type the address of a proxy here, such as "
        "socks5://name:password@host:1080. It is not shown."
    ),
    "SLOW": lambda _: _.label(
        "Telegram did not answer in time. Enter tries again. Where Telegram is blocked, type the address of a proxy "
        "here, such as socks5://name:password@host:1080. It is not shown."
    ),
    "STRANGE": lambda _: _.label(
        "Something else answered in place of Telegram, such as a proxy or the login page of a Wi-Fi. Enter tries again."
    ),
    "PROXY_AWAY": lambda _: _.label(
        "The proxy cannot be reached. Enter tries again; type another address, or - to go without a proxy."
    ),
    "PROXY_PASSWORD": lambda _: _.label("The proxy wants another name or password. Type its address once more."),
    "UNTRUSTED": lambda _: _.label(
        "Something between here and Telegram opens the connection, such as a company's firewall or an antivirus "
        "program: its certificate is not trusted. If you trust it, name the file of its authority in the environment "
        "variable SSL_CERT_FILE, and start again. Enter tries again; or type the address of a proxy."
    ),
    "PROXY_UNTRUSTED": lambda _: _.label(
        "The proxy's certificate is not trusted. If its authority is your own, name its file in the environment "
        "variable SSL_CERT_FILE, and start again. Enter tries again; type another address, or - to go without a proxy."
    ),
    "PROXY_NO_HTTPS": lambda _: _.label(
        "The proxy does not speak https; most are http://host:3128. Type another address, or - to go without a proxy."
    ),
    "PROXY_REFUSES": lambda _: _.label(
        "The proxy does not connect to Telegram. Enter tries again; type another address, or - to go without a proxy."
    ),
}


def bad_proxy(_: Translator) -> str:
    return _.label("A proxy looks like socks5://name:password@host:1080 or http://host:3128.")


def proxy_kept(_: Translator) -> str:
    return _.label("Telegram is asked through this proxy. Now paste the token.")


def is_taken(_: Translator, folder: str) -> str:
    return _.label("{folder} exists already. Please type another name.", folder=folder)


def bad_folder(_: Translator) -> str:
    return _.label("Please type a name of letters, digits, - and _ without spaces.")


def bad_hashtag(_: Translator) -> str:
    return _.label("A hashtag is # and one word of letters, such as #OurForest.")


def bad_contact(_: Translator) -> str:
    return _.label(
        "Please type a mail address, a phone number such as +82 2-123-4567, a Telegram @name, an https link, or a chat "
        "app and a name such as KakaoTalk: forest."
    )


def bad_database(_: Translator) -> str:
    return _.label("The address begins with postgresql:// and looks like postgresql://name:password@host/database.")


def moves(_: Translator) -> str:
    return _.label(
        "The new database begins empty. To take along what was signed, leave this with Ctrl-C, and see "
        "docs/operating.md, Moving to PostgreSQL."
    )


# The end.


def summary(_: Translator, parts: Mapping[str, str]) -> list[str]:
    """List what was answered, a line for each."""
    named = {
        "bot": _.label("Bot"),
        "proxy": _.label("Proxy"),
        "petition": _.label("Title of the petition"),
        "database": _.label("Database"),
        "command": _.label("Command"),
    }
    return [_.label("{name}: {value}", name=named[name], value=value) for name, value in parts.items()]


def about_settings(_: Translator) -> str:
    """The first line of the settings file, as a comment."""
    return _.label("Settings of the petition. docs/operating.md explains them; python -m chatbot setup asks for them.")


def left(_: Translator) -> str:
    return _.label("Nothing has changed.")


def written(_: Translator, files: Sequence[str]) -> str:
    return _.label("Written: {files}", files=_.row(files))


def not_written(_: Translator, why: str) -> str:
    return _.label("It could not be written, so nothing has changed: {why}", why=why)


def not_asked(_: Translator, names: Sequence[str]) -> str:
    return _.label("Set in the environment, so not asked for: {names}", names=_.row(names))


def edit_texts(_: Translator, folder: str) -> str:
    return _.label(
        "The texts are in {folder}. Make the appeal your own, and let python -m chatbot check read it.", folder=folder
    )


def start(_: Translator, command: str) -> str:
    return _.label("Now start the bot with this command. It answers only while it runs: {command}", command=command)


def start_container(_: Translator) -> str:
    return _.label("Now start the bot, with -f and its file if you named one: docker compose up -d")


def has_owner(_: Translator) -> str:
    return _.label("The petition has an owner already.")
