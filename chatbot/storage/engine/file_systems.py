"""Finds out on which kind of file system a database is.

SQLite's write-ahead log needs memory that all processes share, which no network file system has, and locks, which many
of them only pretend to have (https://www.sqlite.org/wal.html, "All processes must be on the same host computer").
"""

import os
import re
from pathlib import Path
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.engine.database import UnusableDatabaseError

MOUNTS: Final = Path("/proc/self/mountinfo")
"""What Linux has mounted where; see proc(5)."""
_LINE: Final = re.compile(r"\S+ \S+ \S+ \S+ (?P<place>\S+) .*? - (?P<kind>\S+) ")
_NETWORK: Final = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afs|ceph|gfs2?|glusterfs|lustre|beegfs|ncpfs|coda|davfs|"
    r"fuse\.(?:sshfs|rclone|s3fs|gcsfuse|goofys|glusterfs|ceph|davfs2?|smbnetfs|nfs|juicefs|mount-s3|blobfuse2?|curlftpfs)"
)
"""File systems of another machine."""
_DOUBTFUL: Final = re.compile(r"9p|fuse(?:blk)?(?:\..+)?|vboxsf|prl_fs|vmhgfs")
"""File systems that a program or the host of a virtual machine provides. They may keep their promises."""


def refuse_network(file: Path, mounts: Path = MOUNTS) -> None:
    """Raise `UnusableDatabaseError` if `file` is, or would be, on a network file system."""
    kind = find_kind(file, mounts)
    if kind is not None and _NETWORK.fullmatch(kind):
        problem = Problem(
            "{file} is on a network file system ({kind}), where SQLite can lose signatures: name a file on a disk of "
            "this machine, or take PostgreSQL",
            file=file,
            kind=kind,
        )
        raise UnusableDatabaseError(problem)


def find_warning(file: Path, mounts: Path = MOUNTS) -> str | None:
    """Return a warning in one line if its file system may not keep what it promises."""
    kind = find_kind(file, mounts)
    if kind is None or not _DOUBTFUL.fullmatch(kind):
        return None
    return (
        f"{file.name} is on a file system that may lose signatures when the machine stops ({kind}): "
        "a disk of this machine is safer"
    )


def refuse_container_disk(file: Path, mounts: Path = MOUNTS) -> None:
    """Raise `UnusableDatabaseError` if `file` would end with its container: the folder has to be a volume.

    A volume that the user of the process may not write is named too: Docker makes the folder of `-v` for root.
    """
    folder = file.absolute().parent
    if ends_with_container(folder, mounts):
        problem = Problem(
            "{folder} is no volume, so everything would be lost with this container: start it with a volume, as in "
            "`docker run -v petition:{folder}`",
            folder=folder,
        )
        raise UnusableDatabaseError(problem)
    if not os.access(folder, os.W_OK | os.X_OK):
        problem = Problem(
            "the volume at {folder} may not be written: on the host, give its folder to the user of the container, as "
            "in `chown {user}:{user} folder`",
            folder=folder,
            user=os.geteuid(),
        )
        raise UnusableDatabaseError(problem)


def ends_with_container(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether `folder` is, or would be, on the container's own disk or in memory, and in no volume."""
    place, kind = _find_mount(folder, mounts) or ("/", None)
    return place == "/" or kind in ("tmpfs", "ramfs")


def find_kind(file: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the kind of the file system of `file`; None where the system does not tell."""
    found = _find_mount(file, mounts)
    return found[1] if found else None


def _find_mount(file: Path, mounts: Path) -> tuple[str, str] | None:
    """Return where the file system of `file` begins, and its kind."""
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
        place = Path(os.path.realpath(file))  # unlike Path.resolve, it takes links that go in a circle
    except OSError:
        return None
    found = [(_unescape(line["place"]), line["kind"]) for line in map(_LINE.match, table.splitlines()) if line]
    # The longest one holds the file; of several at one place, the last one hides the others.
    holding = [(len(above), at) for at, (above, _) in enumerate(found) if place.is_relative_to(above)]
    return found[max(holding)[1]] if holding else None


def _unescape(place: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), place)
