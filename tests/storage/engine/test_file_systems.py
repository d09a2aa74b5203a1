"""Where a SQLite file may be: network file systems and disks of containers are refused, and errors say what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot.storage import UnusableDatabaseError, open_database
from chatbot.storage.engine import file_systems
from tests.support.bot_process import environment

MOUNTS = """\
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:40 / {place} rw,relatime shared:2 master:1 - {kind} server:/srv rw,vers=4.2
31 21 0:41 / /proc rw - proc proc rw
garbage
"""


def mounted(folder: Path, kind: str, place: str | None = None) -> Path:
    table = folder / "mountinfo"
    table.write_text(MOUNTS.format(kind=kind, place=place or str(folder).replace(" ", r"\040")))
    return table


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "glusterfs"])
async def test_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(file_systems.refuse_network, "__defaults__", (mounted(tmp_path, kind),))
    with pytest.raises(UnusableDatabaseError) as refused:
        await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    assert f"network file system ({kind})" in str(refused.value)
    assert not (tmp_path / "chatbot.db").exists()


@pytest.mark.parametrize(
    ("kind", "doubtful"),
    [("ext4", False), ("btrfs", False), ("overlay", False), ("virtiofs", False), ("fuse.bindfs", True), ("9p", True)],
)
def test_warning_names_a_doubtful_file_system(tmp_path: Path, kind: str, doubtful: bool) -> None:
    file, table = tmp_path / "chatbot.db", mounted(tmp_path, kind)
    file_systems.refuse_network(file, table)
    told = file_systems.find_warning(file, table)
    assert (told is not None) == doubtful
    assert told is None or (kind in told and "\n" not in told)


def test_longest_and_last_mount_counts(tmp_path: Path) -> None:
    folder = tmp_path / "a place"
    folder.mkdir()
    assert file_systems.find_kind(folder / "chatbot.db", mounted(folder, "nfs4")) == "nfs4"
    assert file_systems.find_kind(tmp_path / "chatbot.db", mounted(folder, "nfs4")) == "ext4"
    (tmp_path / "link").symlink_to(folder)
    assert file_systems.find_kind(tmp_path / "link" / "chatbot.db", mounted(folder, "nfs4")) == "nfs4"
    table = mounted(folder, "nfs4")
    table.write_text(table.read_text() + MOUNTS.format(kind="xfs", place=str(folder).replace(" ", r"\040")))
    assert file_systems.find_kind(folder / "chatbot.db", table) == "xfs"


def test_system_without_a_table_of_mounts_tells_no_kind(tmp_path: Path) -> None:
    assert file_systems.find_kind(tmp_path / "chatbot.db", tmp_path / "none") is None


COMMANDS = [["check"], ["migrate"], ["backup", "copy.db"], ["export", "x.csv"], ["move", "--to", "sqlite:///new.db"]]
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] if os.geteuid() == 0 else []
"""Root may enter every folder unless it gives up that right."""


@pytest.mark.slow
@pytest.mark.skipif(bool(AS_ANYBODY) and shutil.which("setpriv") is None, reason="root cannot give up its rights here")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_error_names_a_folder_that_the_user_may_not_enter(tmp_path: Path, command: list[str]) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o000)
    ended = subprocess.run(
        [*AS_ANYBODY, sys.executable, "-m", "chatbot", *command],
        env=environment(DATABASE_URL=f"sqlite:///{folder}/chatbot.db"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    folder.chmod(0o700)
    assert ended.returncode == 1
    [told] = ended.stderr.splitlines()
    assert told.endswith(
        f"this user may not enter {folder}; start it as the user who owns it (sudo -u …), or name a file that this "
        "user may write"
    )


@pytest.mark.parametrize(("kind", "place"), [("overlay", "/"), ("tmpfs", None), ("ramfs", None)])
def test_disk_of_a_container_is_refused(tmp_path: Path, kind: str, place: str | None) -> None:
    with pytest.raises(UnusableDatabaseError, match="volume"):
        file_systems.refuse_container_disk(tmp_path / "chatbot.db", mounted(tmp_path, kind, place))


def test_volume_of_a_container_is_accepted(tmp_path: Path) -> None:
    file_systems.refuse_container_disk(tmp_path / "chatbot.db", mounted(tmp_path, "ext4"))
