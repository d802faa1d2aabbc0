"""How people come in: where the server is, who has an account, who vouches, who takes note."""

from dataclasses import dataclass, field

from aiohttp import web

from workspace.accounts.accounts import Accounts
from workspace.accounts.auditing import AuditSink, nobody_listens
from workspace.accounts.door import Door
from workspace.server.access import ACCOUNTS, AUDIT
from workspace.server.provider import Provider, ProviderSettings
from workspace.server.provider_pages import add_provider_routes
from workspace.server.rate_limits import AddressLimits, limiting
from workspace.server.sign_in_watch import watch_sign_ins
from workspace.server.signing_in import add_sign_in_routes
from workspace.server.site import Site


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the application is told of those who come in."""

    site: Site = field(default_factory=Site)
    accounts: Accounts | None = None
    """Without them, people come in by links alone."""
    audit: AuditSink = nobody_listens
    provider: ProviderSettings | None = None
    """Who vouches for people, beside their passwords here."""


def add_entrance(application: web.Application, entrance: Entrance) -> None:
    """Let people into the application."""
    application[AUDIT] = entrance.audit
    application.middlewares.append(limiting(AddressLimits()))
    if entrance.accounts is not None:
        application[ACCOUNTS] = entrance.accounts
        add_sign_in_routes(application, Door(entrance.accounts, entrance.audit))
        if entrance.provider is not None:
            provider = Provider(entrance.provider, entrance.accounts.clock)
            add_provider_routes(application, provider)
        application.cleanup_ctx.append(watch_sign_ins)
