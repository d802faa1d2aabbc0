"""How often one address may ask for what costs: bounded in memory, whoever asks."""

from collections import OrderedDict
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from workspace.accounts.attempts import network_of
from workspace.server.site import SITE, address_of
from workspace.server.token_bucket import TokenBucket

PER_S: Final = 10.0
BURST: Final = 300.0
"""A lecture hall may come in at once, from behind one address."""

MOST_ADDRESSES: Final = 10_000
"""Of whom the last ones are remembered: a few megabytes."""

GUARDED: Final = ("/join/", "/sign-in", "/sign-out")
"""Paths that check a secret, write to disk or ask a provider."""


class AddressLimits:
    """A bucket of tokens for each address, of as many as are remembered."""

    def __init__(
        self, per_s: float = PER_S, burst: float = BURST, most: int = MOST_ADDRESSES
    ) -> None:
        self._per_s = per_s
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, address: str) -> bool:
        """Say whether this address may ask once more."""
        key = network_of(address)
        bucket = self._buckets.pop(key, None) or TokenBucket(self._per_s, self._burst)
        self._buckets[key] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket.take()


def limiting(limits: AddressLimits) -> Middleware:
    """Return the middleware that turns away addresses that ask too often."""

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(request.app[SITE].base_path)
        if path.startswith(GUARDED) and not limits.take(address_of(request)):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(BURST / PER_S))})
        return await handler(request)

    return limit
