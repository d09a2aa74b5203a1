"""What the command line says: the lines of --help, and how a command ended. Plain text."""

from collections.abc import Mapping

from chatbot.i18n import Translator


def describe_bot(_: Translator) -> str:
    return _.label("A Telegram bot that carries one petition.")


def describe_commands(_: Translator) -> Mapping[str, str]:
    """Return one line for each command."""
    return {
        "setup": _.label("ask for everything a petition needs, and write its files"),
        "run": _.label("run the bot, with TELEGRAM_TOKEN from @BotFather"),
        "web": _.label("run the bot with a webhook, for hosts that give it an https address"),
        "worker": _.label("only send broadcasts, beside another process that listens"),
        "demo": _.label("try the bot in the browser: no token, no network"),
        "migrate": _.label("bring the database up to date, and do nothing else"),
        "check": _.label("check the campaign's files and the database"),
        "owner": _.label("make the link that makes you an owner of the petition"),
        "healthy": _.label("say whether the bot works, for health checks and monitors"),
        "backup": _.label("copy the database while the bot runs"),
        "restore": _.label("bring a backup back in the place of the database, while the bot is stopped"),
        "export": _.label("write signatures, the log or the document to hand over into a file"),
        "page": _.label("write the public page as files, for any web host"),
        "keys": _.label("make the pair of keys for sealed names"),
        "seal": _.label("seal the names that were signed before SEALING_KEY was set"),
        "move": _.label("move a petition, while its bot is stopped, into another database"),
    }


def describe_options(_: Translator) -> Mapping[str, str]:
    """Return one line for each option, by the command and the option."""
    default = "%(default)s"  # argparse writes the value
    return {
        "demo --port": _.label("the page's port (default {default})", default=default),
        "demo --fresh": _.label("begin anew, with empty chats and invented signatures"),
        "demo --empty": _.label("begin anew, without any signature or subscriber"),
        "check --language": _.label("say instead what this language still needs"),
        "owner --another": _.label("also if the petition has an owner"),
        "healthy kind": _.label("only processes that this command started"),
        "healthy --everywhere": _.label("processes of all machines that share the database"),
        "backup file": _.label("the new file"),
        "restore file": _.label("the backup"),
        "restore --yes": _.label("do not ask"),
        "export file": _.label("the new file: .csv, .xlsx or, for the document, .pdf"),
        "export --what": _.label("what is in it (default {default})", default=default),
        "export --format": _.label("the format, if the file's name does not say it"),
        "export --from": _.label("the first day, like 2026-11-01"),
        "export --to": _.label("the last day"),
        "export --with-set-aside": _.label("also excluded signatures, each marked"),
        "export --country": _.label("one country only, by its two letters"),
        "export --language": _.label("the code of its language"),
        "export --private-key": _.label("a private key that opens sealed names"),
        "page folder": _.label("the folder, which is made if there is none"),
        "keys file": _.label("the new file for the private key"),
        "move --to": _.label("the empty database, as in DATABASE_URL"),
    }


def demo_has_page(_: Translator, address: str) -> str:
    return _.label("Its public page, as people find it on the web: {address}", address=address)


def demo_is_not_all(_: Translator) -> str:
    return _.label("To put a petition online: python -m chatbot setup")


def demo_is_ready(_: Translator, address: str) -> str:
    return _.label("The petition is ready to try: open {address} (Ctrl-C ends it)", address=address)


def show_version(_: Translator) -> str:
    return _.label("show the version")


def must_be_a_day(_: Translator) -> str:
    return _.label("must be a day like 2026-11-01")


def must_be_a_country(_: Translator) -> str:
    return _.label("must be the two letters of a country, like KR, or ZZ: not said")


def must_be_a_port(_: Translator) -> str:
    return _.label("must be a number up to 65535, or 0 for any that is free")
