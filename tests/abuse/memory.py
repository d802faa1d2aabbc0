"""What a process holds in memory, as the kernel counts it."""

import os
from pathlib import Path

MB = 1_000_000


def resident_bytes(pid: int) -> int:
    """Return the resident set of a process, bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
