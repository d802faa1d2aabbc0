"""Signing in with a provider: the way there, and what a browser brings back."""

import html
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sessions.invitations import hash_of
from workspace.accounts.auditing import DoorEvent, Outcome
from workspace.accounts.door import SignedIn
from workspace.accounts.id_tokens import Vouched
from workspace.accounts.records import Account
from workspace.errors import AccountError, TokenError
from workspace.panels.words import t
from workspace.server.access import ACCOUNTS, AUDIT
from workspace.server.cookies import PROVIDER as COOKIE
from workspace.server.cookies import forget_cookie, read_cookie, set_cookie
from workspace.server.names import MAX_NAME, acceptable_name
from workspace.server.plain_pages import plain_page
from workspace.server.provider import Provider, Trip, new_trip
from workspace.server.sign_in_forms import PROVIDER, PROVIDER_NAME, SIGN_IN, next_of
from workspace.server.signing_in import DOOR, welcome
from workspace.server.site import address_of, at, origin_of

RETURN: Final = f"{PROVIDER}/return"

BACK_WITHIN_S: Final = 600.0
MOST_AWAY: Final = 10_000
"""Browsers that are on their way; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class _Away:
    trip: Trip
    browser: str
    then: str
    since_s: float


class Departures:
    """The browsers that have gone to the provider; each comes back once."""

    def __init__(self) -> None:
        self._away: OrderedDict[str, _Away] = OrderedDict()

    def note(self, trip: Trip, browser: str, then: str) -> None:
        """Remember a browser that leaves."""
        self._away[trip.state] = _Away(trip, hash_of(browser), then, time.monotonic())
        if len(self._away) > MOST_AWAY:
            self._away.popitem(last=False)

    def back(self, state: str, browser: str) -> _Away | None:
        """Return what was noted when this browser left; None: it did not, or was here already."""
        away = self._away.pop(state, None)
        if away is None or time.monotonic() - away.since_s > BACK_WITHIN_S:
            return None
        return away if browser and secrets.compare_digest(away.browser, hash_of(browser)) else None


ASKED: Final[web.AppKey[Provider]] = web.AppKey("provider", Provider)
DEPARTURES: Final[web.AppKey[Departures]] = web.AppKey("departures", Departures)


def add_provider_routes(application: web.Application, provider: Provider) -> None:
    """Let people sign in with a provider."""
    application[ASKED] = provider
    application[PROVIDER_NAME] = provider.settings.name
    application[DEPARTURES] = Departures()
    application.router.add_get(PROVIDER, go)
    application.router.add_get(RETURN, come_back)


async def go(request: web.Request) -> web.StreamResponse:
    """Send the browser to the provider."""
    browser = secrets.token_urlsafe(32)
    trip = new_trip(origin_of(request) + at(request, RETURN))
    address = await request.app[ASKED].address_for(trip)
    request.app[DEPARTURES].note(trip, browser, next_of(request))
    response = web.Response(status=303, headers={"Location": address})
    # The way back is a link of another site, with which a strict cookie would not go.
    set_cookie(request, response, COOKIE, browser, same_site="Lax")
    return response


async def come_back(request: web.Request) -> web.StreamResponse:
    """Let in whom the provider vouches for."""
    try:
        away, vouched = await _vouched_for(request)
    except TokenError as error:
        return await _refused(request, f"{str(error).capitalize()}.", 401)
    account = await _account(request, vouched)
    if account is None:
        sentence = t(
            "You have no account here. Ask whoever runs this server for one; the provider knows "
            "you as {subject}."
        ).format(subject=vouched.subject[:64])
        return await _refused(request, sentence, 403)
    answer = await request.app[DOOR].vouched_for(account, address_of(request))
    if not isinstance(answer, SignedIn):
        return _page(request, t("This account may not come in."), 403)
    response = welcome(request, answer, away.then)
    forget_cookie(request, response, COOKIE)
    return response


async def _vouched_for(request: web.Request) -> tuple[_Away, Vouched]:
    """Return what was noted when this browser left, and what the provider says of it.

    Raises
    ------
    TokenError
        Something about it is not right.
    """
    query, provider = request.query, request.app[ASKED]
    browser = read_cookie(request, COOKIE)
    away = request.app[DEPARTURES].back(query.get("state", ""), browser)
    if away is None:
        raise TokenError("this sign-in took too long, or was finished already")
    # RFC 9207: an answer that says whose it is must not be another provider's.
    if query.get("iss", provider.settings.issuer) != provider.settings.issuer:
        raise TokenError("this answer is of another provider")
    if not query.get("code"):
        raise TokenError("the provider did not let you in")
    return away, await provider.whom_it_vouches_for(away.trip, query["code"])


async def _account(request: web.Request, vouched: Vouched) -> Account | None:
    """Return the account of a subject; a new one, where the operator wants that."""
    subject = vouched.subject
    settings, store = request.app[ASKED].settings, request.app[ACCOUNTS].store
    known = await store.by_identity(settings.issuer, subject)
    if known is not None or not settings.adds_accounts:
        return known
    new = Account(
        account_id="",
        # Made of the identity, so that nobody comes by the name of an account that there is.
        name=f"oidc-{hash_of(f'{settings.issuer} {subject}')[:16]}",
        display_name=acceptable_name(vouched.display_name[:MAX_NAME]) or "Somebody",
        identity=(settings.issuer, subject),
    )
    try:
        return await store.add(new)
    except AccountError:  # added at the same moment by another browser of the same person
        return await store.by_identity(settings.issuer, subject)


async def _refused(request: web.Request, sentence: str, status: int) -> web.Response:
    address = address_of(request)
    await request.app[AUDIT](DoorEvent.SIGN_IN_REFUSED, Outcome.REFUSED, "", address)
    return _page(request, sentence, status)


def _page(request: web.Request, sentence: str, status: int) -> web.Response:
    body = (
        f"<h1>{t('You are not signed in')}</h1><p>{html.escape(sentence)}</p>"
        f'<a class="button" href="{at(request, SIGN_IN)}">{t("Sign in again")}</a>'
    )
    return plain_page(body, status=status)
