"""What the pages of signing in look like, and where they lead."""

import html
import re
from typing import Final, Protocol
from urllib.parse import quote

from aiohttp import web

from workspace.panels.words import t
from workspace.server.access import ACCOUNTS
from workspace.server.csrf import FormGuard
from workspace.server.plain_pages import alert, plain_page
from workspace.server.site import SITE, at

PROVIDER_NAME: Final[web.AppKey[str]] = web.AppKey("provider_name", str)

SIGN_IN: Final = "/sign-in"
CODE: Final = "/sign-in/code"
RECOVERY: Final = "/sign-in/recovery"
PROVIDER: Final = "/sign-in/provider"

_NEXT: Final = re.compile(r"/|/join/[\w.%-]+|/rooms/[\w-]+/m/[\w-]+/", re.ASCII)
"""Where one may be led after signing in: to pages of ours, and nowhere else."""


class Form(Protocol):
    """Makes the page of a form, with what was wrong with the last try."""

    def __call__(self, request: web.Request, problem: str = "", status: int = 200) -> web.Response:
        """Return the page."""


async def offers_sign_in(request: web.Request) -> bool:
    """Say whether there is anybody who could sign in; else nobody needs to hear of it."""
    accounts = request.app.get(ACCOUNTS)
    if accounts is None:
        return False
    return PROVIDER_NAME in request.app or await accounts.store.has_any()


def next_of(request: web.Request) -> str:
    """Return where somebody wanted to go before they had to sign in: a page of ours."""
    base = request.app[SITE].base_path
    wanted = request.query.get("next", "")
    path = wanted.removeprefix(base)
    is_ours = wanted.startswith(base) and _NEXT.fullmatch(path) is not None
    return wanted if is_ours else base + "/"


def quoted_next(request: web.Request) -> str:
    """Return the same, for the query of a path."""
    return quote(next_of(request), safe="")


def password_form(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    """Ask for name and password, or offer the provider."""
    provider = request.app.get(PROVIDER_NAME)
    body = (
        f'<label for="name">{t("Name")}</label><input id="name" name="name" maxlength="64" '
        'autocomplete="username" autocapitalize="none" spellcheck="false" autofocus required>'
        f'<label for="password">{t("Password")}</label><input id="password" name="password" '
        'type="password" maxlength="256" autocomplete="current-password" required>'
        f'<button type="submit">{t("Sign in")}</button>'
    )
    if provider is None:
        hint = t("No account? Open the invitation link that you were sent.")
        after = f'<p class="small">{hint}</p>'
    else:
        after = _link(request, PROVIDER, t("Sign in with {name}").format(name=provider))
    return _page(request, f"<h1>{t('Sign in')}</h1>{alert(problem)}", body, after, status)


def code_form(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    """Ask for the code of the authenticator."""
    head = (
        f"<h1>{t('One more step')}</h1>"
        f"<p>{t('Open your authenticator and type its code.')}</p>{alert(problem)}"
    )
    body = (
        f'<label for="code">{t("Code of six digits")}</label>'
        '<input id="code" name="code" maxlength="8" '
        'inputmode="numeric" autocomplete="one-time-code" autofocus required>'
        f'<button type="submit">{t("Go on")}</button>'
    )
    after = _link(request, RECOVERY, t("I have no authenticator here"))
    return _page(request, head, body, after, status)


def recovery_form(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    """Ask for a code kept on paper."""
    hint = t("Type one of the codes that you were given with your second factor. It works once.")
    head = f"<h1>{t('A recovery code')}</h1><p>{hint}</p>{alert(problem)}"
    body = (
        f'<label for="code">{t("Recovery code")}</label>'
        '<input id="code" name="code" maxlength="40" '
        'autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus required>'
        f'<button type="submit">{t("Go on")}</button>'
    )
    return _page(request, head, body, _link(request, CODE, t("Use the authenticator")), status)


def _page(request: web.Request, head: str, body: str, after: str, status: int) -> web.Response:
    guard = FormGuard(request)
    form = f'<form method="post">{guard.field}{body}</form>'
    return guard.protect(plain_page(head + form + after, status=status))


def _link(request: web.Request, path: str, text: str) -> str:
    target = html.escape(f"{at(request, path)}?next={quoted_next(request)}")
    return f'<a class="button" href="{target}">{html.escape(text)}</a>'
