"""A request that waits for its turn in a room."""

import asyncio
from typing import NamedTuple

from sessions.receipts import Receipt
from sessions.turn import Asked


class Waiting(NamedTuple):
    """What somebody asked, and where the answer goes."""

    asked: Asked
    answer: asyncio.Future[Receipt]

    def settle(self, answer: Receipt | Exception) -> None:
        """Answer, unless whoever asked went away."""
        if self.answer.done():
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)
