"""The folder of the public page: files of others stay as they are, and do not stop the bot."""

import os
from pathlib import Path

import pytest

from chatbot.app.public_page.folder import OccupiedError, write_files
from chatbot.app.public_page.written_files import LIST

PAGE = {"index.html": b"<p>2", "en.html": b"<p>2", "count.json": b"{}\n"}
KOREAN = {"ko.html": b"<p>2\xeb\xaa\x85", "badge.ko.svg": b"<svg/>", "card.ko.png": b"\x89PNG"}


class KilledError(BaseException):
    """Stands for the end of a process in the middle of its work."""


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_pipe_in_the_place_of_a_file_is_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, PAGE)
    (tmp_path / "count.json").unlink()
    os.mkfifo(tmp_path / "count.json")
    write_files(tmp_path, PAGE)
    assert (tmp_path / "count.json").read_bytes() == b"{}\n"


def test_link_in_the_place_of_a_file_is_replaced_and_never_followed(tmp_path: Path) -> None:
    page, secret = tmp_path / "page", tmp_path / "other.txt"
    write_files(page, PAGE)
    secret.write_bytes(b"{}\n")
    for name, target in (("count.json", secret), ("index.html", Path("/dev/zero")), (LIST, secret)):
        (page / name).unlink()
        (page / name).symlink_to(target)
    with pytest.raises(OccupiedError):
        write_files(page, PAGE)  # without its list the bot owns no file
    for name in ("count.json", "index.html"):
        (page / name).unlink()
    write_files(page, PAGE)
    assert not any(file.is_symlink() for file in page.iterdir())
    assert secret.read_bytes() == b"{}\n"


@pytest.mark.parametrize("name", ["index.html", "en.html"])
def test_file_of_somebody_else_is_never_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<h1>Our choir</h1>")
    (tmp_path / "style.css").touch()
    for _ in range(2):
        with pytest.raises(OccupiedError, match=name):
            write_files(tmp_path, PAGE)
    assert names(tmp_path) == {name, "style.css"}, "no half of the page is written"
    assert (tmp_path / name).read_bytes() == b"<h1>Our choir</h1>"


def test_page_in_a_new_language_replaces_no_file_of_others(tmp_path: Path) -> None:
    write_files(tmp_path, PAGE)
    (tmp_path / "target").write_bytes(b"the choir's")
    (tmp_path / "ko.html").symlink_to(tmp_path / "target")
    with pytest.raises(OccupiedError, match=r"ko\.html"):
        write_files(tmp_path, PAGE | KOREAN)
    assert (tmp_path / "ko.html").is_symlink()
    (tmp_path / "ko.html").unlink()
    write_files(tmp_path, PAGE | KOREAN)
    assert names(tmp_path) == {*PAGE, *KOREAN, LIST, "target"}


def test_files_of_a_lost_language_are_removed_and_no_others(tmp_path: Path) -> None:
    write_files(tmp_path, PAGE | KOREAN)
    others = ("fr.html", "card.fr.png", "badge.fr.svg", "logo.png", "robots.txt", ".htaccess")
    for name in others:
        (tmp_path / name).write_bytes(KOREAN["ko.html"])
    write_files(tmp_path, PAGE)
    assert names(tmp_path) == {*PAGE, LIST, *others}
    write_files(tmp_path, PAGE | KOREAN)
    assert names(tmp_path) == {*PAGE, *KOREAN, LIST, *others}, "the files come back with their language"


def test_picture_that_is_not_drawn_yet_stays(tmp_path: Path) -> None:
    write_files(tmp_path, PAGE | KOREAN)
    write_files(tmp_path, {**PAGE, "ko.html": b"<p>3"}, {*PAGE, *KOREAN})
    assert (tmp_path / "card.ko.png").read_bytes() == KOREAN["card.ko.png"]
    write_files(tmp_path, PAGE)
    assert names(tmp_path) == {*PAGE, LIST}


def test_file_that_somebody_changed_stays_when_its_language_is_lost(tmp_path: Path) -> None:
    write_files(tmp_path, PAGE | KOREAN)
    (tmp_path / "ko.html").write_bytes(b"<h1>Our choir, in Korean</h1>")
    for name in ("badge.ko.svg", "card.ko.png"):
        (tmp_path / name).unlink()
    (tmp_path / "target").write_bytes(KOREAN["badge.ko.svg"])
    (tmp_path / "badge.ko.svg").symlink_to(tmp_path / "target")
    (tmp_path / "card.ko.png").mkdir()
    for _ in range(2):
        write_files(tmp_path, PAGE)
        assert names(tmp_path) == {*PAGE, *KOREAN, LIST, "target"}
    assert (tmp_path / "target").read_bytes() == KOREAN["badge.ko.svg"]


def test_list_leads_to_no_file_outside_the_page(tmp_path: Path) -> None:
    page, secret = tmp_path / "page", tmp_path / "secret.html"
    write_files(page, PAGE | KOREAN)
    secret.write_bytes(KOREAN["ko.html"])
    (page / ".htaccess").write_bytes(KOREAN["ko.html"])
    listed = (page / LIST).read_text()
    for name in ("../secret.html", str(secret), ".htaccess"):
        (page / LIST).write_text(listed.replace("ko.html", name))
        write_files(page, PAGE)
    assert secret.exists()
    assert (page / ".htaccess").exists()


@pytest.mark.parametrize("listed", [b"", b"{", b"[]", b'{"ko.html": 5, "en.html": [5]}', b"\xff"])
def test_damaged_list_removes_nothing(tmp_path: Path, listed: bytes) -> None:
    write_files(tmp_path, PAGE | KOREAN)
    (tmp_path / LIST).write_bytes(listed)
    write_files(tmp_path, PAGE)
    assert names(tmp_path) == {*PAGE, *KOREAN, LIST}
    write_files(tmp_path, PAGE | KOREAN)
    write_files(tmp_path, PAGE)
    assert names(tmp_path) == {*PAGE, LIST}, "a file with the content that the bot writes is the bot's"


def test_language_with_another_capital_letter_keeps_its_file(tmp_path: Path) -> None:
    write_files(tmp_path, {**PAGE, "zh-hant.html": b"<p>2"})
    write_files(tmp_path, {**PAGE, "zh-Hant.html": b"<p>2"})
    assert "zh-Hant.html" in names(tmp_path), "there may be one file for both"


@pytest.mark.parametrize("kill_at", range(12))
def test_killed_process_leaves_no_file_that_nobody_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kill_at: int
) -> None:
    """It dies at its nth step, which moves a file into place or removes one. The next process has one language less."""
    moves, replace, unlink = [0], Path.replace, Path.unlink

    def die(_path: Path) -> None:
        moves[0] += 1
        if moves[0] > kill_at:
            raise KilledError

    write_files(tmp_path, PAGE | KOREAN)
    newer = {name: body + b"3" for name, body in (PAGE | KOREAN).items()}
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda path, to: (die(path), replace(path, to))[1])
        patch.setattr(Path, "unlink", lambda path, **options: (die(path), unlink(path, **options))[1])
        for files in (newer, PAGE, newer):
            try:
                write_files(tmp_path, files)
            except KilledError:
                break
    write_files(tmp_path, PAGE)
    assert {name for name in names(tmp_path) if not name.endswith(".part")} == {*PAGE, LIST}
    assert all((tmp_path / name).read_bytes() == body for name, body in PAGE.items())


def test_old_unfinished_files_are_removed(tmp_path: Path) -> None:
    mine = (".index.html.abcdefgh.part", f".{LIST}.abcdefgh.part", ".card.ko.png.abcdefgh.part")
    others = (".film.mp4.abcdefgh.part", "mine.part", ".part", ".index.html.part")
    for name in (*mine, *others, ".index.html.newer___.part"):
        (tmp_path / name).touch()
        past = (tmp_path / name).stat().st_mtime - (60 if "newer" in name else 7_200)
        os.utime(tmp_path / name, (past, past))
    write_files(tmp_path, PAGE, KOREAN)
    assert names(tmp_path) == {*PAGE, LIST, *others, ".index.html.newer___.part"}
