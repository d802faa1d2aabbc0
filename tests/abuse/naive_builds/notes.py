"""A room's notes in SQLite as one writes it at first: a table, a timestamp, an open connection."""

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

FILE_NAME = "notes.sqlite"


class NaiveNotes:
    """A table of notes, latest last by the clock.

    Parameters
    ----------
    folder : Path
        Where the file is.
    synchronous : str, optional
        SQLite's; OFF is what makes it fast.
    vfs : str, optional
        Name of the disk.
    """

    def __init__(self, folder: Path, synchronous: str = "OFF", vfs: str | None = None) -> None:
        self._connection = apsw.Connection(str(folder / FILE_NAME), vfs=vfs)
        for statement in (
            "PRAGMA journal_mode=WAL",
            f"PRAGMA synchronous={synchronous}",
            "CREATE TABLE IF NOT EXISTS notes (at REAL, text TEXT)",
        ):
            self._connection.execute(statement).fetchall()

    def add(self, at: float, text: str) -> bool:
        """Write a note and acknowledge it."""
        self._connection.execute("INSERT INTO notes VALUES (?, ?)", (at, text))
        return True

    def texts(self) -> list[str]:
        """Return the notes in order."""
        rows = self._connection.execute("SELECT text FROM notes ORDER BY at")
        return [str(text) for (text,) in rows]

    def verify(self) -> bool:
        """Return whether SQLite finds the file whole."""
        return bool(self._connection.execute("PRAGMA integrity_check").get == "ok")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class LazyNotes:
    """Acknowledges at once and commits a hundred at a time: the fast way to write many rows."""

    def __init__(self, folder: Path) -> None:
        self._connection = apsw.Connection(str(folder / FILE_NAME))
        self._connection.execute("CREATE TABLE IF NOT EXISTS notes (at REAL, text TEXT)")
        self._waiting: list[tuple[float, str]] = []

    def add(self, at: float, text: str) -> bool:
        """Take a note and acknowledge it."""
        self._waiting.append((at, text))
        if len(self._waiting) == 100:
            with self._connection:
                self._connection.executemany("INSERT INTO notes VALUES (?, ?)", self._waiting)
            self._waiting.clear()
        return True


@dataclass
class NaiveNode:
    """A server that read the room's note once, and writes what it has in memory."""

    path: Path
    notes: list[str]

    @classmethod
    def claim(cls, path: Path) -> "NaiveNode":
        """Open a room."""
        return cls(path, path.read_text().splitlines() if path.exists() else [])

    def add(self, text: str) -> None:
        """Write all notes."""
        self.notes.append(text)
        self.path.write_text("\n".join(self.notes))


class NaiveFeed:
    """Tells who is connected what changes; who was away hears what comes next."""

    def __init__(self) -> None:
        self.state: dict[str, str] = {}
        self._pages: list[dict[str, str]] = []

    def connect(self, page: dict[str, str]) -> None:
        """Tell a page of changes from now on."""
        self._pages.append(page)

    def lose(self, page: dict[str, str]) -> None:
        """Forget a page whose line broke."""
        self._pages = [it for it in self._pages if it is not page]

    def change(self, key: str, value: str) -> None:
        """Change the state and tell every page."""
        for it in self._all():
            it[key] = value

    def _all(self) -> Iterator[dict[str, str]]:
        yield self.state
        yield from self._pages


def acknowledge_until_killed() -> None:
    """Write note after note into the folder that the command line names, and say each."""
    notes = LazyNotes(Path(sys.argv[1]))
    for number in itertools.count():
        notes.add(float(number), str(number))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    acknowledge_until_killed()
