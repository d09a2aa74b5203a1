"""The folder of the public page: what others put there does not stop the bot."""

import os
from pathlib import Path

from chatbot.app.public_page.folder import write_files


def test_pipe_in_the_place_of_a_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "count.json")
    write_files(tmp_path, {"count.json": b"{}\n"})
    assert (tmp_path / "count.json").read_bytes() == b"{}\n"


def test_link_in_the_place_of_a_file_is_replaced_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "other.txt"
    secret.write_bytes(b"{}\n")
    (tmp_path / "count.json").symlink_to(secret)
    (tmp_path / "index.html").symlink_to("/dev/zero")
    write_files(tmp_path, {"count.json": b"{}\n", "index.html": b"<p>"})
    assert not (tmp_path / "count.json").is_symlink()
    assert (tmp_path / "index.html").read_bytes() == b"<p>"
    assert secret.read_bytes() == b"{}\n"
