"""Characters and markup in a catalog or a text that Telegram refuses, or shows as they are written.

One surrogate in the question for the name makes Telegram refuse the screen, so nobody can sign. `check`, and every
start, loads all texts and reports such a character in one line with its file and place.
"""

import io
from pathlib import Path
from shutil import copytree

import pytest

from chatbot.app.commands.check import check
from chatbot.app.commands.command import Terminal
from chatbot.i18n import CATALOG, CatalogError, load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.languages import describe_languages
from chatbot.petition.model import CampaignError
from chatbot.settings import BUNDLED_LOCALES, Settings

UNSHOWN = ["&#55356;&#57225;", "&#xD83D;", "&#0;", "&#x0;", "&#xFFFF;", "&#1114112;", "&#128;", "\x00", "\x07", "\x85"]
UNSHOWN += ["\u202e", "\u2066", "\ue000", "\ufffd", "\ufdd0", "\U0001fffe"]
AS_WRITTEN = "would be shown as it is written"
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
TITLE = 'title = "Save North Korean Refugees #SaveMyFriend"'


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the bundled campaign, to put mistakes into."""
    return copytree(BUNDLED_LOCALES, tmp_path / "locales")


def find_catalog_problems(directory: Path, msgid: str, msgstr: str) -> tuple[str, ...]:
    """Load an English catalog that has only this text."""
    file = directory / "en" / CATALOG
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{HEADER}msgid "{msgid}"\nmsgstr "{msgstr}"\n', "utf-8")
    try:
        load_translators(describe_languages(["en"]), [directory])
    except CatalogError as error:
        return error.problems
    return ()


def find_campaign_problems(directory: Path) -> tuple[str, ...]:
    try:
        mistakes = load_campaign(directory).mistakes
    except CampaignError as error:
        return error.problems
    return tuple(line for lines in mistakes.values() for line in lines)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("sign", UNSHOWN)
def test_loading_refuses_invisible_signs_in_any_file(locales: Path, tmp_path: Path, sign: str) -> None:
    [problem, *_] = find_catalog_problems(tmp_path / "own", "What is your name?", f"Your name {sign}?")
    assert problem.startswith(f"en/{CATALOG}, line 4: this sign cannot be shown (")
    edit(locales / "en" / "appeal.html", "Innocent", f"Innocent {sign}")
    edit(locales / "ko" / "updates.html", "<p>", f"<p>{sign}")
    escaped = sign if "&" in sign else f"\\U{ord(sign):08X}"
    edit(locales / "campaign.toml", TITLE, TITLE[:-1] + f'{escaped}!"')
    told = {problem.partition(":")[0].partition(",")[0]: problem for problem in find_campaign_problems(locales)}
    assert told["en/appeal.html"].startswith("en/appeal.html, line ")
    assert told["ko/updates.html"].startswith("ko/updates.html, line ")
    assert "this sign cannot be shown (" in told["en/appeal.html"]
    assert "this sign cannot be shown (" in told["ko/updates.html"]
    assert told["campaign.toml"].startswith("campaign.toml: en.title has a mistake: ")


@pytest.mark.parametrize("entity", ["&nbsp;", "&hearts;", "&copy", "&copy;", "&bla;", "&apos;", "&#X41;"])
def test_catalog_refuses_entities_that_telegram_shows_as_text(tmp_path: Path, entity: str) -> None:
    [problem] = find_catalog_problems(tmp_path, "Thank you!", f"Thank {entity} you!")
    assert problem.startswith(f"en/{CATALOG}, line 4: ")
    assert entity in problem
    assert "write the sign itself" in problem


@pytest.mark.parametrize(
    "text",
    [
        "R&D, AT&T, Q & A, R&#D",
        "&lt;b&gt; &amp; &quot;",
        "&#9829; &#x1F389;",
        "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️",
        "می‌خواهم",
        "12\u00a0km",
        '<a href=\\"https://example.org/?a=1&copy=2\\">x</a>',
    ],
)
def test_catalog_accepts_markup_that_telegram_understands(tmp_path: Path, text: str) -> None:
    assert find_catalog_problems(tmp_path, "Thank you!", text) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("<b class>x</b>", "<b =>x</b>", "<i>x</i x>", "<a>x</a>", "<a href=x>y</a>", "<B>x</B>"),
        *("<blockquote open>x</blockquote>", "<tg-emoji>x</tg-emoji>"),
    ],
)
def test_catalog_refuses_tags_that_telegram_does_not_know(tmp_path: Path, text: str) -> None:
    [problem] = find_catalog_problems(tmp_path, "Thank you!", text.replace('"', '\\"'))
    assert "its <tags> are not those of Telegram" in problem


@pytest.mark.parametrize(
    "gap", ["{name!r}", "{name:>1000000000}", "{name.__class__}", "{name[0]}", "{0}", "{}", "{nmae}", "{name:{name}}"]
)
def test_catalog_refuses_unknown_placeholders(tmp_path: Path, gap: str) -> None:
    [problem] = find_catalog_problems(tmp_path, "Hello {name}", f"Hello {gap}")
    assert f"{gap} is not known here; use {{name}}" in problem


@pytest.mark.parametrize("text", [" ", "<b> </b>", "\\t\\n", "\u200b", "\u3164", "&#32;"])
def test_catalog_refuses_an_invisible_text(tmp_path: Path, text: str) -> None:
    [problem] = find_catalog_problems(tmp_path, "Thank you!", text)
    assert "nothing of it can be seen" in problem
    assert find_catalog_problems(tmp_path, "<b>{name}</b>", "{name}") == ()


def test_catalog_refuses_a_text_that_is_too_long(tmp_path: Path) -> None:
    assert find_catalog_problems(tmp_path, "Thank you!", "x" * 400) == ()
    [problem] = find_catalog_problems(tmp_path, "Thank you!", "x" * 401)
    assert "has 401 characters, and 400 fit; shorten it" in problem
    assert find_catalog_problems(tmp_path, "y" * 1000, "<b>" + "x" * 2000 + "</b>") == ()


def test_label_of_a_button_has_no_html(tmp_path: Path) -> None:
    assert find_catalog_problems(tmp_path, "Sign & share {name}", "<b>Sign</b> &amp; share {name}") == ()
    label = load_translators(describe_languages(["en"]), [tmp_path])["en"].label("Sign & share {name}", name="<b>&amp;")
    assert label == "Sign & share <b>&amp;"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            TITLE,
            'title = "Save us &hearts;"',
            f"en.title has a mistake: &hearts; {AS_WRITTEN}; write the sign itself, ♥.",
        ),
        (TITLE, 'title = "Save us&nbsp"', f"en.title has a mistake: &nbsp {AS_WRITTEN}; write the sign itself."),
        (TITLE, 'title = "Save <b>us</b>"', f"en.title has a mistake: <b> {AS_WRITTEN}; take it out."),
        (TITLE, 'title = "\\u3164"', "en.title has nothing in it that can be seen; write something between"),
        ('en = "On X"', 'en = "On &amp; X"', f"links, entry 1, label has a mistake: &amp; {AS_WRITTEN}"),
        ("https://x.com/", "https://x.com\\\\", "links, entry 1, url must be a whole address"),
        ("https://x.com/", "https://x .com/", "links, entry 1, url must be a whole address"),
        ("https://x.com/", "https://-x.com/", "links, entry 1, url must be a whole address"),
        ("https://x.com/", "https://x.com:0/", "links, entry 1, url must be a whole address"),
        ("178_921", "9" * 30, "carried_over must be 10000000000 or less; correct the number."),
        ("178_921", "9" * 5000, "line "),
        ("[180_000,", "[" * 5000 + "180_000,", "line "),
    ],
)
def test_campaign_refuses_markup_and_bad_values(locales: Path, old: str, new: str, said: str) -> None:
    edit(locales / "campaign.toml", old, new)
    assert find_campaign_problems(locales)[0].startswith(f"campaign.toml: {said}")


def test_campaign_accepts_plain_names_and_addresses(locales: Path) -> None:
    edit(locales / "campaign.toml", TITLE, 'title = "Friends of <the river> & R&D"')
    edit(locales / "campaign.toml", "https://x.com/", "https://한글.example.org:8443/?a=1&copy=2&amp;b|c")
    assert find_campaign_problems(locales) == ()


async def test_check_names_file_and_line(locales: Path) -> None:
    settings = Settings(locales_dir=locales, database_url=f"sqlite:///{locales}/chatbot.db", _env_file=None)
    assert await check(settings, Terminal(out=io.StringIO()))
    edit(locales / "ko" / CATALOG, 'msgid "Later"\nmsgstr "', 'msgid "Later"\nmsgstr "&#55356;')
    with pytest.raises(CampaignError, match=rf"^ko/{CATALOG}, line \d+: this sign cannot be shown \(&#55356;\)"):
        await check(settings, Terminal(out=io.StringIO()))
