"""Cost of a signature beside an earlier commit: `python -m tests.benchmarks.against COMMIT [--rounds 5] [--seconds 6]`.

It prints the CPU time of the bot for a complete signature, by webhook and by polling. This clone and a checkout of the
earlier commit take turns, each measured as in `signing`. Other work on the machine disturbs both, so trust the medians
more than any one round.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from tests.benchmarks.signing import ROOT

MEASURED = """
import asyncio, sys
from tests.benchmarks.signing import measure
measured = asyncio.run(measure(sys.argv[1], textbook=False, supporters=100, seconds=float(sys.argv[2])))
if not measured.signatures:
    sys.exit("nobody signed in time: the machine is busy, so take more --seconds")
print(measured.core / measured.signatures)
"""


def measure_in(checkout: Path, way: str, seconds: float) -> float:
    """Return the CPU seconds of a signature with the code of a checkout."""
    command = [sys.executable, "-c", MEASURED, way, str(seconds)]
    measured = subprocess.run(command, cwd=checkout, check=False, stdout=subprocess.PIPE, text=True)
    return float(measured.stdout) if measured.returncode == 0 else sys.exit(f"{way}: not measured in {checkout}")


def compare(earlier: Path, rounds: int, seconds: float) -> None:
    """Print each round and the medians."""
    cost = defaultdict[tuple[str, Path], list[float]](list)
    for number in range(rounds):
        for way in ("webhook", "polling"):
            for checkout in (earlier, ROOT):
                cost[way, checkout].append(measure_in(checkout, way, seconds))
            before, now = cost[way, earlier][number], cost[way, ROOT][number]
            sys.stdout.write(f"{way}: {before * 1000:.2f} ms, now {now * 1000:.2f} ms, {now / before:.0%}\n")
            sys.stdout.flush()
    for way in ("webhook", "polling"):
        before, now = median(cost[way, earlier]), median(cost[way, ROOT])
        sys.stdout.write(f"{way}, medians: {before * 1000:.2f} ms, now {now * 1000:.2f} ms, {now / before:.0%}\n")


def main() -> None:
    """Check the earlier commit out beside this clone, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        earlier = Path(folder, "earlier")
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", str(earlier), arguments.commit], check=True, capture_output=True)
        try:
            compare(earlier, arguments.rounds, arguments.seconds)
        finally:
            subprocess.run([*git, "remove", "--force", str(earlier)], check=True)


if __name__ == "__main__":
    main()
