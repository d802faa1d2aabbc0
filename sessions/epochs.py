"""Whose turn a room's file is: a number that each opening raises, and each record checks.

The lock on the folder keeps two servers apart where locks hold. On a network disk they may not, or
a server may have been thought dead. Then the file itself says who came last, and whoever came
before records nothing more.
"""

import apsw

from sessions.errors import FencedError


def take_epoch(connection: apsw.Connection) -> int:
    """Return the next epoch; whoever held the room before is fenced off with it."""
    row = connection.execute(
        "INSERT INTO room VALUES ('epoch', '1') ON CONFLICT (key) "
        "DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value"
    ).fetchone()
    assert row is not None
    return int(row[0])


def require_epoch(connection: apsw.Connection, epoch: int) -> None:
    """Raise `FencedError` unless `epoch` is still the latest."""
    row = connection.execute("SELECT value FROM room WHERE key = 'epoch'").fetchone()
    if row is None or row[0] != str(epoch):
        raise FencedError(
            "another server has taken this room over; this one stops; nothing was recorded"
        )
