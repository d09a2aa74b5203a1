"""Cost of the most hostile text for each parser of user input: `python -m tests.benchmarks.hostile_text`.

Each parser gets 4,096 characters of each kind of text, fewer characters (it is slowest right below the length that it
refuses), and a usual text to compare with. It prints the two slowest kinds of each parser, and all with `--all`.
"""

import sys
import time
from collections.abc import Callable

from chatbot.petition.countries.find import prepare
from tests.support.hostile_text import LENGTHS, READERS, read, write_kinds

USUAL = "Hana Kim"
BOUND = 5.0
"""Milliseconds that no kind of text may exceed."""


def measure(reader: Callable[[str], object], text: str, rounds: int = 3) -> float:
    """Return the CPU milliseconds for one text, the best of several rounds; slow ones are measured once."""
    best = float("inf")
    for _ in range(rounds):
        started = time.thread_time()
        read(reader, text)
        best = min(best, (time.thread_time() - started) * 1e3)
        if best > 10 * BOUND:
            break
    return best


def main() -> int:
    """Print the cost of each parser; the exit code tells whether all are within the bound."""
    prepare(("ko", "en"))
    kinds = [(f"{length:,} of {kind}", text) for length in LENGTHS for kind, text in write_kinds(length).items()]
    worst = 0.0
    sys.stdout.write(
        f"{len(READERS)} parsers, {len(kinds)} texts, of {LENGTHS[0]:,} characters and fewer; milliseconds\n"
    )
    for name, reader in READERS.items():
        usual = measure(reader, USUAL, rounds=20)
        costs = sorted(((measure(reader, text), kind) for kind, text in kinds), reverse=True)
        for cost, kind in costs if "--all" in sys.argv else costs[:2]:
            sys.stdout.write(f"{name:24} {cost:9.3f}  {cost / usual:9.0f} × usual  {kind}\n")
        worst = max(worst, costs[0][0])
    sys.stdout.write(f"the slowest: {worst:.2f} ms, {'within' if worst < BOUND else 'over'} {BOUND:.0f} ms\n")
    return 0 if worst < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
