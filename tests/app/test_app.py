"""`open_app` opens the database and the campaign, and leaves out languages that are not whole."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from chatbot.app.app import App, open_app
from chatbot.app.startup import register_appeal_version
from chatbot.emulator.web.server import TOKEN
from chatbot.i18n import CATALOG
from chatbot.petition.model import CampaignError
from chatbot.problem import Problem
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError
from chatbot.storage import DatabaseUnavailableError, open_database
from chatbot.storage.organizer import jobs
from tests.support.cast import NOW
from tests.support.more_languages import add_language, list_language


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, log_put_back: None) -> Settings:
    """Settings with an empty database and a copy of the bundled campaign in three languages."""
    monkeypatch.setattr("chatbot.app.app.configure_logging", lambda *_: None)
    locales = shutil.copytree(BUNDLED_LOCALES, tmp_path / "locales")
    add_language(locales, "ja")
    return Settings(telegram_token=SecretStr(TOKEN), database_url=sqlite_url, locales_dir=locales)


async def start(settings: Settings) -> App:
    """Open the app, register its appeal, close it, and return it."""
    opened: list[App] = []

    async def use(app: App) -> None:
        await register_appeal_version(app.database, app.campaign, NOW)
        opened.append(app)

    await open_app(settings, use)
    return opened[0]


async def list_notices(settings: Settings) -> list[object]:
    """Return the languages that the team was told of, one entry for each notice."""
    database = await open_database(settings.database_url)
    due = await database.transact(jobs.find_due, NOW + timedelta(days=1), (), 9)
    await database.close()
    return [job.details["languages"] for job in due]


async def test_start_on_a_full_disk_names_the_setting(settings: Settings) -> None:
    async def use(_app: App) -> None:
        raise DatabaseUnavailableError(Problem("the database has no room left on its disk"))

    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database has no room left on its disk$"):
        await open_app(settings, use)


async def test_start_warns_of_a_language_that_is_not_whole(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (settings.locales_dir / "ko" / "appeal.html").unlink()
    with caplog.at_level(logging.WARNING):
        app = await start(settings)
    assert list(app.campaign.languages) == list(app.translators) == ["en", "ja"]
    assert caplog.messages == ["ko is not offered to people yet; `check --language ko` says what is missing"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("appeal.html", "<p>open"),
        ("updates.html", "<bold>"),
        ("updates.html", "<p>1</p><hr><p>2</p>"),
        (CATALOG, 'msgid "Skip"\nmsgstr "{'),
    ],
)
async def test_mistake_in_a_new_language_hides_that_language_only(
    settings: Settings, caplog: pytest.LogCaptureFixture, name: str, text: str
) -> None:
    (settings.locales_dir / "ja" / name).write_text(text, "utf-8")
    with caplog.at_level(logging.WARNING):
        app = await start(settings)
        await start(settings)
    assert list(app.campaign.languages) == list(app.translators) == ["ko", "en"]
    assert caplog.messages == 2 * ["ja is not offered to people yet; `check --language ja` says what is missing"]
    assert await list_notices(settings) == ["ja"]


async def test_team_is_told_of_each_language_once(settings: Settings) -> None:
    (settings.locales_dir / "ja" / "appeal.html").unlink()
    for _start in range(2):
        await start(settings)
    list_language(settings.locales_dir / "campaign.toml", "th")
    await start(settings)
    assert sorted(map(str, await list_notices(settings))) == ["ja", "ja th"]


async def test_mistake_in_a_language_that_people_had_stops_the_start(settings: Settings) -> None:
    await start(settings)
    (settings.locales_dir / "ja" / "appeal.html").write_text("<p>open")
    with pytest.raises(CampaignError, match=r"^ja/appeal\.html, line 1: this <p> is never closed"):
        await start(settings)


async def test_campaign_with_mistakes_in_every_language_is_refused(settings: Settings) -> None:
    for language in ("ko", "en", "ja"):
        (settings.locales_dir / language / CATALOG).write_text("nothing", "utf-8")
    with pytest.raises(CampaignError) as refusal:
        await start(settings)
    assert [line.partition("/")[0] for line in refusal.value.problems] == ["ko", "en", "ja"]
