"""Note events one after the other, and say so on standard output, until killed."""

import asyncio
import sys
from pathlib import Path

from sessions.audit.trail import AuditTrail
from tests.sessions.audit.events import numbered


async def main(path: Path) -> None:
    """Print the number of each entry that is on disk."""
    trail = AuditTrail(path)
    for event in numbered(1_000_000):
        (entry,) = await trail.append([event])
        sys.stdout.write(f"{entry.sequence}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
