"""What members wrote, found by its words: an index beside the log, filled as entries are recorded.

A row's number is its entry's revision and its place in the entry, so that the order of the rows is
the order of what happened, whatever any clock said.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import apsw
import msgspec

from sessions.plan.records import MemberId

MAX_WORDS: Final = 16
"""Of a search; what comes after them plays no part."""

_PLACES: Final = 2**20
"""For the talk of one entry, which has far fewer events."""

TALK_TABLE: Final = """
CREATE VIRTUAL TABLE talk USING fts5(
    words, kind UNINDEXED, record_id UNINDEXED, member_id UNINDEXED, text UNINDEXED,
    tokenize = "unicode61 remove_diacritics 0", columnsize = 0
);
"""
"""The words are made plain here and not by SQLite, so that every log finds the same."""

_WORD: Final = re.compile(r"[^\W_]+")


class Talk(msgspec.Struct, frozen=True):
    """What a member wrote in an entry, to be searched for."""

    revision: int
    """Of the entry."""
    kind: str
    """Of what was written: a note, a comment, a message."""
    record_id: str
    member_id: MemberId
    text: str


def words_of(text: str) -> tuple[str, ...]:
    """Return the words to look for, as both indexes compare them: no case, no diacritics."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    return tuple(_WORD.findall(plain.casefold()))


def holds(text: str, sought: Sequence[str]) -> bool:
    """Say whether `text` has, for each sought word, a word that begins with it."""
    words = words_of(text)
    return all(any(word.startswith(one) for word in words) for one in sought)


def insert_talk(connection: apsw.Connection, talk: Sequence[Talk]) -> None:
    """Index the talk of entries that are recorded in the same transaction."""
    connection.executemany(
        "INSERT INTO talk (rowid, words, kind, record_id, member_id, text) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, " ".join(words_of(it.text)), it.kind, it.record_id, it.member_id, it.text)
            for number, it in zip(_numbers(talk), talk, strict=True)
        ],
    )


def search_talk(
    connection: apsw.Connection, text: str, limit: int, before: int | None
) -> tuple[Talk, ...]:
    """Return the latest talk with these words, and the rest of the last entry's."""
    sought = words_of(text)[:MAX_WORDS]
    if not sought or limit < 1:
        return ()
    query = " ".join(f'"{word}"*' for word in sought)
    end = _PLACES * (before if before is not None else 2**40)
    statement = (
        "SELECT rowid, kind, record_id, member_id, text FROM talk "
        "WHERE talk MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
    )
    rows = list(connection.execute(statement, (query, 0, end, limit)))
    if len(rows) == limit:
        last = rows[-1][0]
        first_of_entry = last - last % _PLACES
        rows += connection.execute(statement, (query, first_of_entry, last, _PLACES))
    return tuple(
        Talk(number // _PLACES, kind, record_id, MemberId(member_id), found)
        for number, kind, record_id, member_id, found in rows
    )


def _numbers(talk: Sequence[Talk]) -> list[int]:
    """Return a number for each row: the revision, then the place in the entry."""
    numbers: list[int] = []
    for it in talk:
        first = it.revision * _PLACES
        previous = numbers[-1] if numbers else -1
        numbers.append(max(first, previous + 1))
    return numbers
