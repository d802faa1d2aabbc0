"""`commissure serve`: open the rooms of a data folder again."""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workspace.cli.entrance_options import (
    Cert,
    Entry,
    IdleHours,
    InsecureHttp,
    Key,
    Line,
    OidcAdd,
    OidcClientId,
    OidcIssuer,
    OidcName,
    OidcSecretFile,
    Origins,
    PathPrefix,
    RequireAccount,
    SignInDays,
    TrustedProxies,
    certificate_of,
    limits_of,
    networks_of,
    origins_of,
    prefix_of,
    provider_of,
    require_private_line,
)
from workspace.cli.serving_options import (
    AsJson,
    AuditAddresses,
    Data,
    Host,
    MetricsPort,
    MinFree,
    Port,
)
from workspace.errors import ServingError
from workspace.storage import default_data_folder

if TYPE_CHECKING:
    from sessions.plan.records import RoomId
    from workspace.audit.desk import Addresses
    from workspace.server.serving import Watching


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("serve")(serve)


def serve(
    *,
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    cert: Cert = None,
    key: Key = None,
    origin: Origins = None,
    trusted_proxy: TrustedProxies = None,
    path_prefix: PathPrefix = "",
    insecure_http: InsecureHttp = False,
    require_account: RequireAccount = False,
    idle_hours: IdleHours = 12,
    sign_in_days: SignInDays = 7,
    oidc_issuer: OidcIssuer = None,
    oidc_client_id: OidcClientId = None,
    oidc_secret_file: OidcSecretFile = None,
    oidc_name: OidcName = "your hospital",
    oidc_add: OidcAdd = False,
    metrics_port: MetricsPort = None,
    min_free: MinFree = 512,
    audit_addresses: AuditAddresses = True,
    as_json: AsJson = False,
) -> None:
    """Serve the rooms of a data folder, and take in new images through the browser.

    Earlier links and open pages keep working.
    """
    from workspace.audit.desk import Addresses
    from workspace.server.metrics_port import LOOPBACK
    from workspace.server.serving import Watching, bound_socket

    line = Line(
        host,
        certificate_of(cert, key),
        origins_of(origin or []),
        networks_of(trusted_proxy or []),
        prefix_of(path_prefix),
    )
    require_private_line(line, insecure_http=insecure_http)
    entry = Entry(
        line,
        limits_of(idle_hours, sign_in_days),
        provider_of(
            oidc_issuer, oidc_client_id, oidc_secret_file, oidc_name, adds_accounts=oidc_add
        ),
        require_account,
    )
    folder = data or default_data_folder()
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(bound_socket(host, port))
        watching = Watching(min_free * 2**20)
        if metrics_port is not None:
            metrics = stack.enter_context(bound_socket(LOOPBACK, metrics_port))
            watching = Watching(min_free * 2**20, metrics)
        addresses = Addresses.KEPT if audit_addresses else Addresses.LEFT_OUT
        asyncio.run(_serve(Serving(folder, listener, entry, watching, addresses), as_json=as_json))


@dataclass(frozen=True, slots=True)
class Serving:
    """What to serve, where, for whom, and watched over how."""

    folder: Path
    listener: socket.socket
    entry: Entry
    watching: "Watching"
    addresses: "Addresses"


async def _serve(given: Serving, *, as_json: bool) -> None:
    from sessions.plan.records import Role
    from workspace.audit.desk import AuditDesk
    from workspace.server.hosting import Hosting
    from workspace.server.house_key import house_link
    from workspace.server.import_desk import ImportDesk
    from workspace.server.serving import forever, serving, until_told_to_stop

    folder, watching = given.folder, given.watching
    hosting = Hosting.of_folder(folder, AuditDesk.of_folder(folder, given.addresses))
    with until_told_to_stop(), given.entry.encrypted() as tls:
        desk = ImportDesk.of_folder(folder, hosting)
        entrance = await given.entry.opened(folder)
        async with serving(hosting, given.listener, desk, entrance, tls, watching):
            unserved = await hosting.open_all()
            served = [room_id for room_id in hosting.room_ids() if room_id not in unserved]
            if unserved and not served:
                raise ServingError(f"no room of {folder} can be served: {min(unserved.values())}")
            for room_id, reason in unserved.items():
                print(f"commissure: room {room_id} is not served: {reason}", file=sys.stderr)
            url = given.entry.line.url_of(given.listener)
            links = {room_id: url + await hosting.invite(room_id, Role.OWNER) for room_id in served}
            import_url = None if desk is None else url + desk.new_link()
            house = await house_link(entrance, folder)
            house_url = None if house is None else url + house
            if as_json:
                rooms = [{"room": room_id, "url": link} for room_id, link in links.items()]
                home = url + given.entry.line.base_path
                document = {"url": home, "rooms": rooms, "not_served": unserved}
                others = {
                    "house_url": house_url,
                    "import_url": import_url,
                    "metrics_url": watching.metrics_url,
                }
                print(json.dumps({**document, **others}), flush=True)
            else:
                _print_links(folder, url + given.entry.line.base_path, links)
                _print_import_link(import_url)
                if house_url is not None:
                    print(f"All rooms, for you alone: {house_url}")
                if watching.metrics_url is not None:
                    print(f"Metrics: {watching.metrics_url}")
                print("Ctrl+C stops.", flush=True)
            await forever()


def _print_links(folder: Path, url: str, links: "Mapping[RoomId, str]") -> None:
    if not links:
        print(f"Serving {folder} at {url}: there are no rooms yet.")
        return
    rooms = "1 room" if len(links) == 1 else f"{len(links)} rooms"
    print(f"Serving {rooms} at {url}; links given out before still work.")
    print("A new owner's link for each room, from which the owner can invite others:")
    for room_id, link in links.items():
        print(f"  {room_id}  {link}")


def _print_import_link(import_url: str | None) -> None:
    if import_url is None:
        print("Another server on this data folder takes in new images.")
    else:
        print("To bring in images through the browser, for a week:")
        print(f"  {import_url}")
