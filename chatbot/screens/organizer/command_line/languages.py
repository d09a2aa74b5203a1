"""What `check --language` says: how to begin with a language, and what it has and lacks."""

from collections.abc import Collection, Iterator, Sequence

from chatbot.i18n import Translator
from chatbot.petition.languages import LanguageFacts


def how_to_begin(
    _: Translator,
    facts: LanguageFacts,
    *,
    model: str,
    facts_file: object,
    folder: object,
    catalogs: object,
    catalog: object,
    plural_forms: str,
) -> Iterator[str]:
    """Yield the steps to begin with a language; `model` is the language whose files are copied."""
    code = facts.code
    yield _.label("{language} is no language of this petition yet. To begin:", language=_name(facts))
    yield _.label(
        '1. In {file}, write "{code}" into `languages`, and copy [{model}] as [{code}].',
        file=facts_file,
        code=code,
        model=model,
    )
    yield _.label(
        "2. Copy {folder}/{model}/appeal.html as {folder}/{code}/appeal.html. Translate both.",
        folder=folder,
        model=model,
        code=code,
    )
    yield f"3. pybabel init -D chatbot -i {catalogs}/chatbot.pot -d {folder} -l {code}"
    yield _.label("4. Translate {file}. Its header has {plural_forms}", file=catalog, plural_forms=plural_forms)


def offered(_: Translator, facts: LanguageFacts) -> str:
    return _.label("{language} is offered to people.", language=_name(facts))


def not_offered(_: Translator, facts: LanguageFacts) -> str:
    return _.label("{language} is not offered to people yet. It needs:", language=_name(facts))


def lacks_words_of_signing(_: Translator, file: str, done: int, total: int) -> str:
    return _.label(
        "{file}: {done} of {total} words of signing are translated. Missing are:",
        file=file,
        done=_.number(done),
        total=_.number(total),
    )


def lacks_words_of_organizers(_: Translator, file: str, done: int, total: int) -> str:
    return _.label(
        "{file}: {done} of {total} words for organizers, which may come later, are translated. Missing are:",
        file=file,
        done=_.number(done),
        total=_.number(total),
    )


def lacks_in_module(_: Translator, module: str, missing: Sequence[str], total: int) -> str:
    return "  " + _.label(
        "{missing} of {total} in {module}", missing=_.number(len(missing)), total=_.number(total), module=module
    )


def describe(_: Translator, facts: LanguageFacts, *, from_source: bool) -> Iterator[str]:
    """Yield where the language takes missing words from, its direction and its time zone."""
    if from_source:
        yield _.label("A word without a translation is shown in English, as in the source.")
    else:
        yield _.label("A word without a translation is shown in {language}.", language=facts.fallback)
    if facts.direction == "rtl":
        yield _.label("It is written from right to left; times are those of {zone}.", zone=facts.zone)
    else:
        yield _.label("It is written from left to right; times are those of {zone}.", zone=facts.zone)


def plural_forms(_: Translator, header: object, forms: Collection[str]) -> str:
    """Return the header `Plural-Forms` of a catalog, with what CLDR calls each form."""
    said = f"{header} ({', '.join(forms)})" if forms else _.label("free to choose; CLDR has no such language.")
    return f"Plural-Forms: {said}"


def _name(facts: LanguageFacts) -> str:
    return f"{facts.code} ({facts.name})"
