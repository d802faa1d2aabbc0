"""Options that say how people reach a server, and who may come in."""

import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer

from workspace.errors import MisuseError, ProviderError, ServingError
from workspace.storage import accounts_in

if TYPE_CHECKING:
    import ssl

    from workspace.accounts.records import SessionLimits
    from workspace.server.entrance import Entrance
    from workspace.server.provider import ProviderSettings
    from workspace.server.site import Network, Site
    from workspace.server.tls import Certificate

SECRET_VARIABLE: Final = "COMMISSURE_OIDC_SECRET"  # noqa: S105 (its name, not its value)

ALL_ADDRESSES: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (compared with)

Cert = Annotated[Path | None, typer.Option(help="PEM certificate: serve https.")]
Key = Annotated[Path | None, typer.Option(help="PEM key of the certificate.")]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        help="Where browsers find the server, like https://plan.hospital.example; may be repeated.",
    ),
]
TrustedProxies = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        help="Address or network of a proxy whose X-Forwarded-For and -Proto count.",
    ),
]
PathPrefix = Annotated[
    str, typer.Option(help="What all paths begin with behind a proxy, like /commissure.")
]
InsecureHttp = Annotated[
    bool,
    typer.Option(
        "--insecure-http", help="Listen beyond this machine without https: everybody can read it."
    ),
]
RequireAccount = Annotated[
    bool, typer.Option("--require-account", help="Links open rooms only for who is signed in.")
]
IdleHours = Annotated[float, typer.Option(min=0.1, help="An unused sign-in ends after this.")]
SignInDays = Annotated[float, typer.Option(min=0.1, help="Every sign-in ends after this.")]
OidcIssuer = Annotated[
    str | None, typer.Option(help="OpenID provider, exactly as it names itself.")
]
OidcClientId = Annotated[str | None, typer.Option(help="What the provider knows this server as.")]
OidcSecretFile = Annotated[
    Path | None,
    typer.Option(help=f"File with the client's secret; else from {SECRET_VARIABLE}."),
]
OidcName = Annotated[str, typer.Option(help="What the sign-in page calls the provider.")]
OidcAdd = Annotated[
    bool,
    typer.Option("--oidc-add", help="Give an account to everybody the provider vouches for."),
]


@dataclass(frozen=True, slots=True)
class Line:
    """How the server is reached."""

    host: str
    certificate: "Certificate | None" = None
    origins: tuple[str, ...] = ()
    trusted_proxies: "tuple[Network, ...]" = ()
    base_path: str = ""

    def site(self, *, requires_account: bool) -> "Site":
        """Return the site as the application knows it."""
        from workspace.server.site import LOOPBACK_NAMES, Site

        names = LOOPBACK_NAMES | {self.host.strip("[]")}
        return Site(
            base_path=self.base_path,
            origins=self.origins,
            names=frozenset() if self.host in ALL_ADDRESSES else frozenset(names),
            trusted_proxies=self.trusted_proxies,
            requires_account=requires_account,
        )

    def url_of(self, listener: socket.socket) -> str:
        """Return the address to give to people: where they find us, or where we listen."""
        from workspace.server.serving import url_of

        if self.origins:
            return self.origins[0]
        url = url_of(listener)
        return url.replace("http:", "https:", 1) if self.certificate else url


@dataclass(frozen=True, slots=True)
class Entry:
    """Who may come in, and over which line."""

    line: Line
    limits: "SessionLimits"
    provider: "ProviderSettings | None" = None
    requires_account: bool = False

    @contextlib.contextmanager
    def encrypted(self) -> "Iterator[ssl.SSLContext | None]":
        """Return what encrypts the line, for the length of the block; None: nothing here does."""
        from workspace.server.tls import renewing, tls_context

        if self.line.certificate is None:
            yield None
            return
        context = tls_context(self.line.certificate)
        with renewing(context, self.line.certificate):
            yield context

    async def opened(self, data: Path) -> "Entrance":
        """Open the accounts of a data folder."""
        from workspace.accounts.accounts import Accounts
        from workspace.server.entrance import Entrance

        site = self.line.site(requires_account=self.requires_account)
        accounts = await Accounts.open(data, self.limits)
        return Entrance(site, accounts, provider=self.provider)


async def entrance_of(data: Path, host: str) -> "Entrance":
    """Return the way in by links, and for those with accounts where the data folder has some."""
    from workspace.server.entrance import Entrance

    line = Line(host)
    if accounts_in(data).exists():
        return await Entry(line, limits_of(12, 7)).opened(data)
    return Entrance(line.site(requires_account=False))


def require_private_line(line: Line, *, insecure_http: bool) -> None:
    """Refuse to show patients' anatomy to whoever is on the way.

    Raises
    ------
    ServingError
        It would leave this machine without encryption, and nobody has said that this is so.
    """
    is_private = line.host == "localhost" or _is_loopback(line.host)
    if not (is_private or line.certificate or line.trusted_proxies or insecure_http):
        raise ServingError(
            f"{line.host or 'every address'} can be reached from other machines, and without https "
            "everybody on the way can read along; give --cert and --key, or --trusted-proxy for a "
            "proxy that encrypts, or --insecure-http where you know the network"
        )


def certificate_of(cert: Path | None, key: Path | None) -> "Certificate | None":
    """Return the certificate that was given, if one was.

    Raises
    ------
    MisuseError
        One of the two is missing.
    """
    from workspace.server.tls import Certificate

    if (cert is None) != (key is None):
        raise MisuseError("--cert and --key go together; give both")
    return None if cert is None or key is None else Certificate(cert, key)


def origins_of(given: Sequence[str]) -> tuple[str, ...]:
    """Return exact origins, in the form in which browsers send them.

    Raises
    ------
    MisuseError
        One is none.

    Examples
    --------
    >>> origins_of(["https://Plan.Example:443/", "http://127.0.0.1:8080"])
    ('https://plan.example', 'http://127.0.0.1:8080')
    """
    return tuple(_origin(text) for text in given)


def networks_of(given: Sequence[str]) -> "tuple[Network, ...]":
    """Return addresses and networks.

    Raises
    ------
    MisuseError
        One is none.
    """
    try:
        return tuple(ipaddress.ip_network(text) for text in given)
    except ValueError as error:
        raise MisuseError(
            "--trusted-proxy takes an address like 127.0.0.1 or a network like 10.0.0.0/8"
        ) from error


def prefix_of(given: str) -> str:
    """Return a prefix without a slash at its end.

    Raises
    ------
    MisuseError
        It is none.

    Examples
    --------
    >>> prefix_of("/commissure/"), prefix_of("/"), prefix_of("")
    ('/commissure', '', '')
    """
    prefix = given.rstrip("/")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", prefix) or "/.." in prefix or "/." in prefix:
        raise MisuseError("--path-prefix is a path like /commissure")
    return prefix


def limits_of(idle_hours: float, sign_in_days: float) -> "SessionLimits":
    """Return when sign-ins end."""
    from workspace.accounts.records import SessionLimits

    return SessionLimits(idle=timedelta(hours=idle_hours), absolute=timedelta(days=sign_in_days))


def provider_of(
    issuer: str | None,
    client_id: str | None,
    secret_file: Path | None,
    name: str,
    *,
    adds_accounts: bool,
) -> "ProviderSettings | None":
    """Return the provider that was given, if one was.

    Raises
    ------
    MisuseError
        Something about it is missing or cannot be.
    """
    from workspace.server.provider import ProviderSettings, require_safe_address

    if issuer is None or client_id is None:
        if issuer is not None or client_id is not None or secret_file is not None or adds_accounts:
            raise MisuseError("a provider needs --oidc-issuer and --oidc-client-id, both")
        return None
    try:
        require_safe_address(issuer)
    except ProviderError as error:
        raise MisuseError("--oidc-issuer is an address under https") from error
    return ProviderSettings(issuer, client_id, _secret(secret_file), name, adds_accounts)


def _secret(file: Path | None) -> str:
    if file is None:
        return os.environ.get(SECRET_VARIABLE, "")
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(
            "the file of --oidc-secret-file cannot be read; give one line of text"
        ) from error


def _origin(text: str) -> str:
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError:
        port = -1
    is_origin = (
        parts.scheme in {"http", "https"}
        and parts.hostname
        and parts.path in {"", "/"}
        and not (parts.query or parts.fragment or parts.username)
        and port != -1
    )
    if not is_origin:
        raise MisuseError("--origin is like https://plan.hospital.example, without a path")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in {None, usual} else f":{port}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
