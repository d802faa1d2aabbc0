"""How many sockets may be open at once: of one member, from one address, and in all.

Each takes memory and a place in every broadcast. The bounds are far above what people do: a page
has two sockets, and a hospital or a lecture hall may be behind one address.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeVar

from aiohttp import web

from sessions.plan.records import MemberId, RoomId

OF_A_MEMBER: Final = 16
"""Eight pages of one member in one room."""

FROM_AN_ADDRESS: Final = 600
"""Three hundred pages."""

IN_ALL: Final = 4000
"""Under a gigabyte, and within the files that a process may have open where it was raised so."""

RETRY_AFTER_S: Final = 10

K = TypeVar("K")


class OpenSockets:
    """Counts the open sockets of a server.

    Parameters
    ----------
    of_a_member, from_an_address, in_all : int
        The bounds.
    """

    def __init__(
        self,
        of_a_member: int = OF_A_MEMBER,
        from_an_address: int = FROM_AN_ADDRESS,
        in_all: int = IN_ALL,
    ) -> None:
        self._of_a_member = of_a_member
        self._from_an_address = from_an_address
        self._in_all = in_all
        self._members: Counter[tuple[RoomId, MemberId]] = Counter()
        self._addresses: Counter[str] = Counter()
        self.count = 0
        """How many are open."""

    @contextlib.contextmanager
    def one(self, room_id: RoomId, member_id: MemberId, address: str) -> Iterator[None]:
        """Count a socket for the length of the block.

        Parameters
        ----------
        address : str
            What counts as one, see `workspace.accounts.attempts.network_of`.

        Raises
        ------
        aiohttp.web.HTTPTooManyRequests
            The member, or the address, has as many open as one may have.
        aiohttp.web.HTTPServiceUnavailable
            The server has.
        """
        member = (room_id, member_id)
        if self._members[member] >= self._of_a_member:
            raise _too_many("you have this room open too often; close some of its pages")
        if self._addresses[address] >= self._from_an_address:
            raise _too_many("too many pages are open from where you are; close some of them")
        if self.count >= self._in_all:
            raise web.HTTPServiceUnavailable(
                text="too many pages are open on this server; try again later", headers=_later()
            )
        self._members[member] += 1
        self._addresses[address] += 1
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            _take_one(self._members, member)
            _take_one(self._addresses, address)


def _too_many(sentence: str) -> web.HTTPTooManyRequests:
    return web.HTTPTooManyRequests(text=sentence, headers=_later())


def _later() -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_S)}


def _take_one(counter: Counter[K], key: K) -> None:
    """Count one less, and forget whom nothing is left of."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
