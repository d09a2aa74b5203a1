"""How the commands that change or write something ended."""

from pathlib import Path

from chatbot.i18n import Translator


def migrated(_: Translator) -> str:
    return _.label("The database is up to date.")


def backed_up(_: Translator, file: Path) -> str:
    return _.label(
        "{file} holds everything as it was just now. To restore it: stop the bot, then "
        "`python -m chatbot restore {file}`.",
        file=file,
    )


def moved(_: Translator, backups: Path | None) -> list[str]:
    """Say what is left; `backups` is the folder with those of the old database."""
    lines = [
        _.label("Everything has moved, and every count agrees on both sides. Set DATABASE_URL to the new address.")
    ]
    if backups is not None:
        lines.append(
            _.label(
                "The old database and its backups in {folder} still hold people's names. The bot will not delete them: "
                "do it when the new database has proved itself.",
                folder=backups,
            )
        )
    return lines


def made_keys(_: Translator, file: Path) -> list[str]:
    return [
        _.label("{file} holds the private key: take it away from this machine and keep a copy of it.", file=file),
        _.label("Give the bot the public one:"),
    ]


def sealed(_: Translator, signatures: int, drafts: int, *, is_rewritten: bool) -> list[str]:
    done = _.label(
        "Sealed: {signatures}, {drafts}. All others were sealed already.",
        signatures=_count_signatures(_, signatures),
        drafts=_.plural("{count} draft", "{count} drafts", drafts),
    )
    lines = [
        done,
        _.label("Backups that you made before hold the names in clear: delete them. The bot has replaced its own."),
    ]
    if not is_rewritten:
        again = _.label(
            "Copies in clear may be left in its files: do this once more when it is less busy, with room on its disk."
        )
        lines.append(again)
    return lines


def exported(_: Translator, rows: int, named: int) -> list[str]:
    return [
        str(
            _.plural(
                "{count} row. It has somebody's name: keep it where only you can read it.",
                "{count} rows. These are people's names: keep them where only you can read them.",
                rows,
            )
        ),
        _.label(
            "{number} of them agreed to be named in public (column may_be_named); show nobody else's name.",
            number=_.number(named),
        ),
    ]


def exported_sealed(_: Translator, count: int) -> str:
    """Say that names in the file are sealed, and what opens them."""
    return str(
        _.plural(
            "{count} name or reason in it is sealed: only the private key opens it (--private-key FILE).",
            "{count} names and reasons in it are sealed: only the private key opens them (--private-key FILE).",
            count,
        )
    )


def exported_log(_: Translator, rows: int) -> str:
    return str(
        _.plural(
            "{count} line. It says who did what: keep it where only you can read it.",
            "{count} lines. They say who did what: keep them where only you can read them.",
            rows,
        )
    )


def exported_document(_: Translator, named: int, rows: int) -> str:
    return _.label(
        "It lists {names}, and stands for {signatures}.",
        names=_.plural("{count} name", "{count} names", named),
        signatures=_count_signatures(_, rows),
    )


def exported_nothing(_: Translator) -> str:
    return _.label("Nothing is in it but the names of the columns: there is nothing of these days or this country.")


def wrote_page(_: Translator, folder: Path, files: int) -> str:
    return _.label(
        "{folder} holds the public page: {files}.",
        folder=folder,
        files=_.plural("{count} file", "{count} files", files),
    )


def page_without_address(_: Translator) -> str:
    return _.label("Set PAGE_URL to its address, so that other sites show its picture beside a link to it.")


def _count_signatures(_: Translator, count: int) -> str:
    return str(_.plural("{count} signature", "{count} signatures", count))
