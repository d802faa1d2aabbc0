"""`commissure user` and the invitations of `commissure room`, as an operator types them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.testing

from tests.workspace.served_room import ROOM, Guest, served
from workspace.accounts.accounts import Accounts
from workspace.accounts.auditing import nobody_listens
from workspace.accounts.door import Door, HalfWay, Refused, SignedIn
from workspace.accounts.second_factor import code_at
from workspace.cli.main import build_app
from workspace.errors import AccountError, MisuseError
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance

PASSWORD = "saw horse tin roof"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def told(*arguments: object, stdin: str | None = None) -> str:
    result = typer.testing.CliRunner().invoke(
        build_app(), [str(it) for it in arguments], input=stdin, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*arguments: object, stdin: str | None = None) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(told(*arguments, "--json", stdin=stdin))
    return decoded


def add(data: Path, name: str = "ana", *more: str) -> dict[str, object]:
    return document(
        "user", "add", name, "--password-stdin", "--data", data, *more, stdin=f"{PASSWORD}\n"
    )


async def knock(data: Path, name: str = "ana", password: str = PASSWORD) -> object:
    accounts = await Accounts.open(data)
    try:
        return await Door(accounts, nobody_listens).knock(name, password, "127.0.0.1")
    finally:
        await accounts.close()


def test_an_account_is_added_listed_changed_and_removed(data: Path) -> None:
    assert "No account yet" in told("user", "list", "--data", data)
    made = add(data, "ana", "--display-name", "Ana Reis")
    assert (made["display_name"], made["totp"]) == ("Ana Reis", False)
    assert PASSWORD not in json.dumps(made)
    assert isinstance(asyncio.run(knock(data)), SignedIn)
    told("user", "disable", "ana", "--data", data)
    assert "disabled" in told("user", "list", "--data", data)
    assert isinstance(asyncio.run(knock(data)), Refused)
    told("user", "enable", "ana", "--data", data)
    another = "another passphrase"
    told("user", "reset-password", "ana", "--password-stdin", "--data", data, stdin=f"{another}\n")
    assert isinstance(asyncio.run(knock(data)), Refused)
    assert isinstance(asyncio.run(knock(data, password=another)), SignedIn)
    assert document("user", "remove", "ana", "--data", data)["state"] == "removed"
    assert document("user", "list", "--data", data) == {"users": []}


def test_a_second_factor_is_shown_once_and_works(data: Path) -> None:
    text = told(
        *("user", "add", "ana", "--totp", "--password-stdin", "--data", data),
        stdin=f"{PASSWORD}\n",
    )
    assert "otpauth://totp/Commissure:ana?secret=" in text
    assert text.count("█") + text.count("▀") + text.count("▄") > 100  # the code to scan
    secret = text.partition("secret=")[2].partition("&")[0]
    codes = [line.strip() for line in text.splitlines() if line.startswith("  ") and "-" in line]
    assert len(codes) == 10

    async def come_in() -> None:
        accounts = await Accounts.open(data)
        door = Door(accounts, nobody_listens)
        answer = await door.knock("ana", PASSWORD, "127.0.0.1")
        assert isinstance(answer, HalfWay)
        session = await accounts.sign_ins.session_of(answer.token)
        assert session is not None
        code = code_at(secret, datetime.now(UTC))
        assert isinstance(await door.show_code(session, code, "127.0.0.1"), SignedIn)
        await accounts.close()

    asyncio.run(come_in())
    shown = document("user", "reset-totp", "ana", "--data", data)
    assert str(shown["otpauth_uri"]) not in text
    assert document("user", "reset-totp", "ana", "--off", "--data", data)["totp"] is False
    assert isinstance(asyncio.run(knock(data)), SignedIn)


def test_somebody_of_a_provider_has_no_password(data: Path) -> None:
    identity = ("https://id.example", "s-1")
    made = document(
        *("user", "add", "ben", "--data", data),
        *("--oidc-issuer", identity[0], "--oidc-subject", identity[1]),
    )
    assert (made["password"], made["oidc"]) == (False, list(identity))
    with pytest.raises(MisuseError, match="go together"):
        told("user", "add", "cy", "--oidc-subject", "s-2", "--data", data)


def test_a_password_comes_from_a_person_or_a_pipe_only(data: Path) -> None:
    with pytest.raises(MisuseError, match="use --password-stdin"):
        told("user", "add", "ana", "--data", data)
    for weak in ("short", "", "a" * 20):
        with pytest.raises(AccountError):
            told("user", "add", "ana", "--password-stdin", "--data", data, stdin=f"{weak}\n")
    assert document("user", "list", "--data", data) == {"users": []}


@pytest.mark.parametrize("verb", ["disable", "enable", "remove"])
def test_an_account_that_there_is_not_is_told(data: Path, verb: str) -> None:
    with pytest.raises(AccountError, match="there is no account of this name"):
        told("user", verb, "nobody", "--data", data)


async def test_the_command_line_and_a_running_server_share_the_accounts(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Abuse row 18: what a disabled account has open closes within a second."""
    data = tmp_path / "data"
    entrance = Entrance(accounts=await Accounts.open(data))
    async with served(data, pool, entrance) as server, Guest.arriving(server) as ana:
        await asyncio.to_thread(add, data)
        await ana.send("/sign-in", {"name": "ana", "password": PASSWORD})
        await ana.join(await server.link(), "")
        async with ana.in_room() as line:
            await asyncio.to_thread(told, "user", "disable", "ana", "--data", data)
            assert await line.farewell() == "you were signed out; sign in again"
        assert (await ana.get("")).status == 401


def test_an_invitation_is_made_listed_and_withdrawn(data: Path) -> None:
    told("room", "create", ROOM, "--data", data)
    made = document(
        *("room", "invite", ROOM, "--role", "observer", "--data", data),
        *("--expires", "7d", "--uses", "3", "--label", "for Ole"),
    )
    assert made["role"] == "observer"
    listed = document("room", "invitations", ROOM, "--data", data)["invitations"]
    assert isinstance(listed, list)
    (row,) = listed
    assert (row["role"], row["label"], row["uses_left"]) == ("observer", "for Ole", 3)
    assert (row["state"], row["came_in"]) == ("open", [])
    assert str(made["path"]).rpartition(".")[2] not in json.dumps(listed)
    told("room", "revoke", ROOM, row["id"], "--data", data)
    assert "withdrawn" in told("room", "invitations", ROOM, "--data", data)
    for wrong in ("7", "d", "-1d", "0h", "9999999d"):
        with pytest.raises(MisuseError, match="--expires is like"):
            told("room", "invite", ROOM, "--expires", wrong, "--data", data)
