"""The lock files: every version is pinned, and nothing in them depends on the machine that made them."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.third_party import read_lock

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_wanted(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {normalize(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}


def test_python_finds_time_zones_without_the_systems_files() -> None:
    asked = "from zoneinfo import ZoneInfo; print(ZoneInfo('Asia/Seoul'))"
    environment = {"PATH": os.environ["PATH"], "PYTHONTZPATH": ""}  # a system without zone data
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "Asia/Seoul\n"
    assert "tzdata" in read_lock("requirements.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_lines_are_pins_hashes_or_comments(name: str) -> None:
    for line in (ROOT / name).read_text("utf-8").splitlines():
        pin = r"[a-z0-9-]+==[^ ;]+( ; [^\\]+)? \\"
        assert re.fullmatch(rf"{pin}|    --hash=sha256:[0-9a-f]{{64}}( \\)?| *#.*", line), line


@pytest.mark.parametrize("name", LOCKS)
def test_lock_contains_no_address_or_path(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(
        r"://|index-url|trusted-host|find-links|(^|\s)(/|~|[A-Z]:\\)\w", text.replace("--no-emit-index-url", "")
    )


def test_locks_pin_all_requirements_in_the_same_versions() -> None:
    run, tests = map(read_lock, LOCKS)
    assert read_wanted("postgres") <= run.keys(), "a host installs this file, and brings its own database"
    assert read_wanted("dev") <= tests.keys()
    assert run.items() <= tests.items()
