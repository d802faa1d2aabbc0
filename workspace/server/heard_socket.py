"""A room's socket that knows whether somebody is at the other end, and not only their page."""

from collections.abc import Callable
from typing import Any

from aiohttp import WSMessage, WSMsgType, web


class HeardSocket(web.WebSocketResponse):
    """Calls `on_use` for each message that a person caused.

    A page that is left open goes on to ping and to say that nobody moves; for a sign-in that ends
    when it is not used, that is no use.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (as aiohttp takes them)
        super().__init__(**options)
        self.on_use: Callable[[], None] | None = None

    async def receive(self, timeout: float | None = None) -> WSMessage:  # noqa: ASYNC109 (aiohttp's)
        """Return the next message."""
        message = await super().receive(timeout)
        if self.on_use is not None and message.type is WSMsgType.TEXT and is_use(message.data):
            self.on_use()
        return message


def is_use(text: str) -> bool:
    """Say whether a person caused a message; a wrong guess is only about a sign-in's idle time.

    Examples
    --------
    >>> is_use('{"type":"ping","sent_ms":1}'), is_use('{"type":"presence","idle":true}')
    (False, False)
    >>> is_use('{"type":"submit","command":{}}')
    True
    """
    return not text.startswith('{"type":"ping"') and '"idle":true' not in text
