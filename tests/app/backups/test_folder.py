"""The folder that `BACKUPS` names: a missing one causes a warning, and one that would not last is refused."""

import logging
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.app.backups import folder as folders
from chatbot.app.backups.folder import find_backups, warn_of_missing_folder
from chatbot.settings import Settings, SettingsError
from chatbot.storage import find_origin, open_database
from chatbot.storage.engine.file_systems import ends_with_container
from tests.app.backups.conftest import NIGHT

MOUNTS = (
    "1 2 0:3 / / rw - overlay overlay rw\n2 1 0:4 / /data rw - ext4 /dev/sda rw\n3 1 0:5 / /run rw - tmpfs tmpfs rw\n"
)


async def test_missing_folder_causes_a_warning_and_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder = tmp_path / "usb"
    settings = Settings(database_url=f"sqlite:///{tmp_path}/chatbot.db", backups=str(folder))
    [told] = warn_of_missing_folder(settings)
    assert told.startswith(f"BACKUPS: there is no folder {folder}; ")
    backups = find_backups(settings)
    assert backups is not None
    database = await open_database(settings.database_url)
    origin = await database.transact(find_origin)
    await database.close()
    for _twice in range(2):
        await backups.make(origin, NIGHT)
    assert caplog.text.count(f"made the folder for backups: {folder}") == 1
    assert warn_of_missing_folder(settings) == []
    assert warn_of_missing_folder(Settings(backups="off")) == []
    assert warn_of_missing_folder(Settings()) == [], "the folder beside the database causes no warning"


def test_check_says_that_the_folder_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log_put_back: None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKUPS", "/media/usb/none")
    main(["check"])
    assert "there is no folder /media/usb/none" in capsys.readouterr().out


def test_disk_of_a_container_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    places = {"/backups": True, "/run/backups": True, "/data/backups": False, "/data/more/backups": False}
    assert {place: ends_with_container(Path(place), mounts) for place in places} == places
    monkeypatch.setattr(folders, "ends_with_container", lambda folder: ends_with_container(folder, mounts))
    assert find_backups(Settings(volume_required=True, backups="/data/backups")) is not None
    assert find_backups(Settings(volume_required=False, backups="/backups")) is not None
    with pytest.raises(SettingsError, match="BACKUPS: /backups is in no volume"):
        find_backups(Settings(volume_required=True, backups="/backups"))
