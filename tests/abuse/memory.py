"""What a process holds in memory, as the kernel counts it."""

from pathlib import Path

MB = 1_000_000
KIB = 1024


def held_bytes(pid: int) -> int:
    """Return the memory that a process has filled itself, resident or swapped out, bytes.

    The resident set would shrink, too, when the kernel takes back pages of programs that nobody
    has used for a while.
    """
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in status)
    return sum(int(fields[name].split()[0]) * KIB for name in ("RssAnon", "VmSwap"))
