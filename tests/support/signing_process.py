"""Process that signs as fast as it can and prints `<supporter> <number>` for each acknowledged signature.

    python -m tests.support.signing_process URL FIRST_SUPPORTER HOW_MANY [--file-limit BYTES]

It prints "ready", and begins when its input has a line or ends. 64 supporters sign at once. For one who had signed
before it prints `<supporter> had signed`. With --file-limit no file may grow beyond the limit until a signature is
refused because of it. Then it prints "lifted", and the refused supporters sign again.
"""

import argparse
import asyncio
import os
import resource
import sys
from datetime import UTC, datetime

from chatbot.storage import DatabaseUnavailableError, Transaction, open_database
from tests.support.signers import add_signer

AT_ONCE = 64


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("first_supporter", type=int)
    parser.add_argument("how_many", type=int)
    parser.add_argument("--file-limit", type=int)
    options = parser.parse_args()
    database = await open_database(options.url)
    ids = iter(range(options.first_supporter, options.first_supporter + options.how_many))
    now = datetime.now(UTC)
    limited = options.file_limit is not None

    async def sign(tx: Transaction, supporter_id: int) -> str:
        signature = await add_signer(
            tx, supporter_id, country="KR" if supporter_id % 2 else "US", reason="x" * 300, now=now
        )
        return str(signature.number) if signature else "had signed"

    async def sign_until_done() -> None:
        nonlocal limited
        for supporter_id in ids:
            while True:
                try:
                    answer = await database.transact(sign, supporter_id=supporter_id)
                except DatabaseUnavailableError:
                    if options.file_limit is None:
                        raise
                    if limited:
                        limited = False
                        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                        os.write(1, b"lifted\n")
                else:
                    break
            os.write(1, f"{supporter_id} {answer}\n".encode())

    os.write(1, b"ready\n")
    sys.stdin.readline()
    if limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, resource.RLIM_INFINITY))
    await asyncio.gather(*(sign_until_done() for _ in range(AT_ONCE)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
