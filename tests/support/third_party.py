"""Lists the packages that the running bot needs: `python -m tests.support.third_party` writes THIRD-PARTY.txt.

It has every package of requirements.txt with the installed version and licence, and then the texts of the licences,
each once. People who pass the bot on in one piece, an image or a bundle, include this file.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "THIRD-PARTY.txt"
SAID_OTHERWISE = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
"""Names of licences in packages, and their SPDX names."""
_TEXT = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)


def read_lock(name: str = "requirements.txt") -> dict[str, str]:
    """Return the pinned versions of a lock file, by package; without a name, those of the running bot."""
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def find_outdated(lock: dict[str, str]) -> list[str]:
    """List the packages that are missing here or have another version, whose licence may be another too."""
    installed = {each.metadata["Name"].lower().replace("_", "-"): each.version for each in metadata.distributions()}
    return [name for name, version in lock.items() if installed.get(name) != version]


def find_licence(name: str) -> str:
    """Return the SPDX name of an installed package's licence."""
    about = metadata.metadata(name)
    said = [about.get("License-Expression") or ""]
    said += [each.split(" :: ")[-1] for each in about.get_all("Classifier") or [] if each.startswith("License :: ")]
    said += [(about.get("License") or "").splitlines()[0] if about.get("License") else ""]
    first = next(filter(None, said))
    return SAID_OTHERWISE.get(first, first)


def find_texts(name: str) -> list[str]:
    """Return the texts that a package brings: its licences, and notices to pass on with them."""
    files = metadata.files(name) or []
    found = sorted(file for file in files if _TEXT.search(str(file)) and file.suffix not in {".py", ".pyc", ".pyi"})
    return [Path(str(file.locate())).read_text("utf-8", "replace").strip() for file in found]


def write() -> str:
    """Write the whole file."""
    lock = read_lock()
    listed = [f"{name} {version}: {find_licence(name)}" for name, version in sorted(lock.items())]
    whose: dict[str, list[str]] = {}
    for name in sorted(lock):
        for text in dict.fromkeys(find_texts(name)):
            whose.setdefault(text, []).append(name)
    texts = [f"{'=' * 100}\n{', '.join(names)}\n{'=' * 100}\n\n{text}\n" for text, names in whose.items()]
    heading = (
        "What petition-chatbot needs to run, and under which licence it is. "
        "Made by `python -m tests.support.third_party`."
    )
    return "\n".join([heading, "", *listed, "", *texts])


def main() -> None:
    """Write the file, unless the licences here are those of other versions."""
    if outdated := find_outdated(read_lock()):
        sys.exit(f"pip install -r requirements-dev.txt comes first: {', '.join(outdated)}")
    FILE.write_text(write(), "utf-8")


if __name__ == "__main__":
    main()
