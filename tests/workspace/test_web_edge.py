"""TLS, proxies, prefixes and origins: what stands between a browser and the application."""

import asyncio
import datetime as dt
import ipaddress
import os
import re
import signal
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientConnectorError, ClientSession, CookieJar, TCPConnector
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from yarl import URL

from tests.workspace.path_proxy import proxied
from tests.workspace.served_room import FORM_TOKEN, ROOM, Guest, served
from tests.workspace.signing_in import PASSWORD, house, sign_in
from workspace.cli.entrance_options import (
    Line,
    certificate_of,
    networks_of,
    origins_of,
    prefix_of,
    provider_of,
    require_private_line,
)
from workspace.errors import MisuseError, ServingError
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance
from workspace.server.site import Site
from workspace.server.tls import Certificate, renewing, tls_context

LOOPBACK: Final = networks_of(["127.0.0.1", "::1"])


def certificate(folder: Path, name: str = "one") -> Certificate:
    """Return a new certificate of this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(chain, secret)


def trusting(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.chain))


async def test_over_tls_cookies_and_headers_say_so_and_old_versions_are_refused(
    tmp_path: Path, pool: GeometryPool
) -> None:
    pair = certificate(tmp_path)
    async with served(tmp_path / "data", pool, None, tls_context(pair)) as server:
        assert server.url.startswith("https://")
        connector = TCPConnector(ssl=trusting(pair))
        jar = CookieJar(unsafe=True)
        async with ClientSession(server.url, connector=connector, cookie_jar=jar) as http:
            guest = Guest(http, server.url)
            page = await guest.get("/")
            assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
            answer = await guest.post(urlsplit(await server.link()).path, "Ana")
            assert answer.status == 303
            cookie = answer.cookies["__Secure-commissure"]
            assert cookie["secure"]
            assert cookie["path"] == answer.headers["Location"]
            async with http.get(urlsplit(await server.link()).path) as form:
                assert "__Host-commissure_form" not in form.cookies  # kept from the first
            assert http.cookie_jar.filter_cookies(URL(server.url))["__Host-commissure_form"]
            guest.path = answer.headers["Location"]
            async with guest.in_room() as line:
                assert line.welcome.room_id == ROOM
        old = trusting(pair)
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        async with ClientSession(server.url, connector=TCPConnector(ssl=old)) as http:
            with pytest.raises(ClientConnectorError):
                await http.get("/")


def test_a_certificate_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    one, two = certificate(tmp_path), certificate(tmp_path, "two")
    nothing = tmp_path / "nothing.pem"
    with pytest.raises(ServingError, match=r"nothing.pem cannot be read \(no such file"):
        tls_context(Certificate(nothing, one.key))
    with pytest.raises(ServingError, match=r"two.key is not the key of the certificate in .*one"):
        tls_context(Certificate(one.chain, two.key))
    nothing.write_text("no certificate")
    with pytest.raises(ServingError, match="no PEM certificate"):
        tls_context(Certificate(nothing, one.key))
    with pytest.raises(ServingError, match="cannot be read"):
        tls_context(Certificate(one.chain, tmp_path))
    locked = serialization.load_pem_private_key(one.key.read_bytes(), None)
    one.key.write_bytes(
        locked.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(ServingError, match="needs no password"):
        tls_context(one)


async def test_a_renewed_certificate_is_used_after_a_hangup_and_a_broken_one_is_not(
    tmp_path: Path, pool: GeometryPool
) -> None:
    pair, newer = certificate(tmp_path), certificate(tmp_path, "two")
    context = tls_context(pair)

    async def shown(url: str) -> str:
        parts = urlsplit(url)
        pem = await asyncio.to_thread(
            ssl.get_server_certificate, (str(parts.hostname), int(parts.port or 0))
        )
        return str(x509.load_pem_x509_certificate(pem.encode()).subject.rfc4514_string())

    async with served(tmp_path / "data", pool, None, context) as server:
        with renewing(context, pair):
            assert await shown(server.url) == "CN=one"
            pair.chain.write_text("half-written")
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0)
            assert await shown(server.url) == "CN=one"
            pair.chain.write_bytes(newer.chain.read_bytes())
            pair.key.write_bytes(newer.key.read_bytes())
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0)
            assert await shown(server.url) == "CN=two"


async def test_everything_works_below_a_prefix_behind_a_proxy(
    tmp_path: Path, pool: GeometryPool
) -> None:
    site = Site("/commissure", trusted_proxies=LOOPBACK)
    async with (
        house(tmp_path / "data", pool, site) as at_home,
        proxied(at_home.server.url, "/commissure", "http") as proxy,
        ClientSession(proxy, cookie_jar=CookieJar(unsafe=True)) as http,
    ):
        await at_home.add()
        ana = Guest(http, proxy)
        bare = await http.get(f"{at_home.server.url}/commissure", allow_redirects=False)
        assert bare.headers["Location"] == "/commissure/"
        door = await (await ana.get("/commissure/")).text()
        assert 'href="/commissure/sign-in"' in door
        answer = await ana.send("/commissure/sign-in", {"name": "ana", "password": PASSWORD})
        assert answer.headers["Location"] == "/commissure/"
        assert answer.cookies["commissure_session"]["path"] == "/commissure/"
        path = await at_home.path_of_link()
        assert path.startswith(f"/commissure/join/{ROOM}.")
        ana.path = (await ana.send(path, {})).headers["Location"]
        assert ana.path.startswith(f"/commissure/rooms/{ROOM}/m/")
        page = await (await ana.get("")).text()
        base = re.search(r'<base href="(/commissure/static/\w+/)">', page)
        assert base
        for script in re.findall(r'(?:src|href)="([^"/:]+\.(?:js|css|svg))"', page):
            async with http.get(f"{base[1]}{script}") as asset:
                assert asset.status == 200, script
        session = await http.post(f"{ana.path}session", headers={"Origin": proxy})
        url = (await session.json())["sessionURL"]
        assert url == f"{proxy.replace('http', 'ws')}{ana.path}trame"
        async with ana.in_room() as line, ana.raw_socket("trame"):
            assert line.welcome.member_id == ana.member_id
        home = Guest(http, proxy)
        assert f'href="{ana.path}"' in await (await home.get("/commissure/")).text()
        out = await home.post_form("/commissure/", "/commissure/sign-out", {})
        assert out.headers["Location"] == "/commissure/"
        refused = await (await ana.get("")).text()
        assert 'href="/commissure/sign-in?next=%2Fcommissure%2Frooms' in refused
        for outside in ("/", "/sign-in", "/static/vue.global.js", "/commissureish/"):
            async with http.get(at_home.server.url + outside) as answer:
                assert answer.status == 404, outside


async def test_a_trusted_proxy_says_for_whom_it_asks_and_others_do_not(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Abuse row 27."""
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    async with house(tmp_path / "one", pool) as at_home:
        async with Guest.arriving(at_home.server) as eve:
            eve.http.headers.update(forged)
            page = await eve.get("/sign-in")
            assert "Strict-Transport-Security" not in page.headers
            await sign_in(eve, "nobody")
        assert {row[3] for row in at_home.trail.rows} == {"127.0.0.1"}
    site = Site(trusted_proxies=LOOPBACK, origins=("https://plan.example",))
    async with (
        house(tmp_path / "two", pool, site) as at_home,
        proxied(at_home.server.url, "/") as proxy,
        ClientSession(proxy, cookie_jar=CookieJar(unsafe=True), headers=forged) as http,
    ):
        async with http.get("/sign-in") as page:
            assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
            cookie = page.cookies["__Host-commissure_form"]
            token = FORM_TOKEN.search(await page.text())
        assert (cookie["secure"], cookie["path"]) == (True, "/")
        assert token
        data = {"name": "nobody", "password": "x", "form_token": token[1]}
        jar = {"Cookie": f"__Host-commissure_form={cookie.value}"}
        for origin, status in (
            ("https://plan.example", 401),
            ("http://plan.example", 403),
            (proxy, 403),
        ):
            headers = {"Origin": origin, **jar}
            async with http.post("/sign-in", data=data, headers=headers) as answer:
                assert answer.status == status, origin
        # The browser's own claim comes first in the list, and is not the one that counts.
        assert {row[3] for row in at_home.trail.rows} == {"203.0.113.9"}


async def test_what_cannot_be_an_address_is_not_believed(
    tmp_path: Path, pool: GeometryPool
) -> None:
    site = Site(trusted_proxies=LOOPBACK)
    async with house(tmp_path, pool, site) as at_home, Guest.arriving(at_home.server) as eve:
        for said in ("", "evil\u00e9", "'; DROP TABLE", "198.51.100.1, nonsense", "127.0.0.1"):
            eve.http.headers["X-Forwarded-For"] = said
            await sign_in(eve, "nobody")
        assert {row[3] for row in at_home.trail.rows} == {"127.0.0.1"}


async def test_a_name_of_the_server_is_one_of_its_origins(
    tmp_path: Path, pool: GeometryPool
) -> None:
    entrance = Entrance(Line("plan.example").site(requires_account=False))
    async with served(tmp_path, pool, entrance) as server, Guest.arriving(server) as guest:
        path = urlsplit(await server.link()).path
        for host, status in (("plan.example", 303), ("evil.example", 403)):
            await guest.get(path)
            headers = {"Host": host, "Origin": f"http://{host}"}
            async with guest.http.get(path) as page:
                token = FORM_TOKEN.search(await page.text())
            assert token
            data = {"name": "Ana", "form_token": token[1]}
            async with guest.http.post(
                path, data=data, headers=headers, allow_redirects=False
            ) as answer:
                assert answer.status == status


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.0.2.1", "plan.example"])
def test_no_anatomy_leaves_this_machine_in_the_clear_by_accident(host: str) -> None:
    with pytest.raises(ServingError, match="--cert and --key, or --trusted-proxy"):
        require_private_line(Line(host), insecure_http=False)
    require_private_line(Line(host), insecure_http=True)
    require_private_line(Line(host, trusted_proxies=LOOPBACK), insecure_http=False)
    pair = Certificate(Path("a"), Path("b"))
    require_private_line(Line(host, pair), insecure_http=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_may_talk_to_itself(host: str) -> None:
    require_private_line(Line(host), insecure_http=False)


def test_arguments_that_cannot_be_are_told() -> None:
    for origin in ("plan.example", "https://plan.example/x", "ftp://x", "https://a:b@x", "null"):
        with pytest.raises(MisuseError, match="--origin is like"):
            origins_of([origin])
    for network in ("somewhere", "10.0.0.1/8", "1.2.3.4/99"):
        with pytest.raises(MisuseError, match="--trusted-proxy takes"):
            networks_of([network])
    for prefix in ("commissure", "/a b", "/..", "/a?b", "//"):
        with pytest.raises(MisuseError, match="--path-prefix"):
            prefix_of(prefix + "x" if prefix == "//" else prefix)
    with pytest.raises(MisuseError, match="go together"):
        certificate_of(Path("x"), None)


def test_a_provider_is_given_whole_and_its_secret_never_as_an_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = "https://id.example"
    assert provider_of(None, None, None, "x", adds_accounts=False) is None
    for some, name, file in ((issuer, None, None), (None, "us", None), (None, None, tmp_path)):
        with pytest.raises(MisuseError, match="both"):
            provider_of(some, name, file, "x", adds_accounts=False)
    with pytest.raises(MisuseError, match="under https"):
        provider_of("http://id.example", "us", None, "x", adds_accounts=False)
    with pytest.raises(MisuseError, match="cannot be read"):
        provider_of(issuer, "us", tmp_path / "none", "x", adds_accounts=False)
    monkeypatch.setenv("COMMISSURE_OIDC_SECRET", "from outside")
    settings = provider_of(issuer, "us", None, "x", adds_accounts=True)
    assert settings is not None
    assert (settings.secret, settings.adds_accounts) == ("from outside", True)
    (tmp_path / "secret").write_text("from a file\n")
    settings = provider_of(issuer, "us", tmp_path / "secret", "x", adds_accounts=False)
    assert settings is not None
    assert settings.secret == "from a file"
