"""Cost of reading a country, as ratios within one run: `python -m tests.benchmarks.country_lookup`."""

import sys
import time
import tracemalloc
from collections.abc import Sequence

from chatbot.petition.countries.find import CODES, country_name, find_country, prepare
from chatbot.petition.countries.world import load_world

LANGUAGES = ("ko", "en")
ROUNDS = 20


def measure(texts: Sequence[str]) -> float:
    """Return the seconds for one lookup, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for text in texts:
            find_country(text, LANGUAGES)
        best = min(best, time.perf_counter() - started)
    return best / len(texts)


def main() -> None:
    """Print a line for each kind of text."""
    tracemalloc.start()
    known = len(load_world().names)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    load_world.cache_clear()
    started = time.process_time()
    prepare(LANGUAGES)
    took = time.process_time() - started
    sys.stdout.write(f"reading {known:,} names of every language, once: {took * 1e3:.0f} ms, {size / 1e6:.1f} MB\n")
    names = [country_name(code, language) for code in CODES for language in ("en", "ko")]
    others = [country_name(code, language) for code in CODES for language in ("de", "ru", "ar", "th", "tr")]
    exact = measure(names)
    kinds = {
        "as written": names,
        "one letter missing": [name[:2] + name[3:] for name in names],
        "in other languages": others,
        "misspelt in them": [name[:2] + name[3:] for name in others],
        "no country at all": ["hello there", "안녕하세요", "asdf jkl", "무지개 반사"],
        "10,000 characters": ["x" * 10_000, "가나 " * 3_333],
    }
    for kind, texts in kinds.items():
        took = measure(texts)
        sys.stdout.write(f"{kind:20} {took * 1e6:8.1f} µs  {took / exact:6.1f} × as written\n")


if __name__ == "__main__":
    main()
