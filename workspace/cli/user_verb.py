"""`commissure user`: who may sign in."""

import asyncio
import getpass
import io
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from workspace.cli.plain_text import plain
from workspace.errors import AccountError, MisuseError
from workspace.storage import default_data_folder, require_folder

if TYPE_CHECKING:
    from workspace.accounts.accounts import Accounts
    from workspace.accounts.records import Account

T = TypeVar("T")

Data = Annotated[Path | None, typer.Option(help="Folder of rooms and accounts.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]
NameArgument = Annotated[str, typer.Argument(help="What they type to sign in.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from the first line of stdin."),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    user = typer.Typer(help="Accounts of a data folder, also of one that is being served.")
    user.command("add")(add)
    user.command("list")(list_users)
    user.command("disable")(disable)
    user.command("enable")(enable)
    user.command("reset-password")(reset_password)
    user.command("reset-totp")(reset_totp)
    user.command("remove")(remove)
    app.add_typer(user, name="user")


def add(
    name: NameArgument,
    display_name: Annotated[
        str | None, typer.Option(help="As the others see it in a room; default: the name.")
    ] = None,
    *,
    totp: Annotated[
        bool, typer.Option("--totp", help="Ask for a code of an authenticator, too.")
    ] = False,
    oidc_issuer: Annotated[
        str | None, typer.Option(help="Provider that vouches for them; no password then.")
    ] = None,
    oidc_subject: Annotated[str | None, typer.Option(help="What the provider calls them.")] = None,
    password_stdin: FromStdin = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add an account; asks for a password, which is never an argument."""
    from workspace.accounts.records import Account
    from workspace.server.names import MAX_NAME, acceptable_name

    if (oidc_issuer is None) != (oidc_subject is None):
        raise MisuseError("--oidc-issuer and --oidc-subject go together; give both")
    shown = acceptable_name(display_name if display_name is not None else name)
    if shown is None:
        raise MisuseError(f"--display-name has 1 to {MAX_NAME} printable characters")
    identity = None if oidc_issuer is None or oidc_subject is None else (oidc_issuer, oidc_subject)
    account = Account(account_id="", name=name, display_name=shown, identity=identity)
    password = None if identity is not None else _password(name, from_stdin=password_stdin)

    async def work(accounts: "Accounts") -> "tuple[Account, Enrolment | None]":
        enrolment = Enrolment(name) if totp else None
        factor = None if enrolment is None else enrolment.factor
        hashed = None if password is None else accounts.passwords.hash(password)
        return await accounts.store.add(account, hashed, factor), enrolment

    made, enrolment = _with_accounts(data, work)
    _note(data, "added", made.name)
    _tell(made, f"Added {made.name}.", enrolment, as_json=as_json)


def list_users(data: Data = None, as_json: AsJson = False) -> None:
    """List the accounts, by name."""
    listed = _with_accounts(data, lambda accounts: accounts.store.listed())
    if as_json:
        print(json.dumps({"users": [_document(it) for it in listed]}))
        return
    if not listed:
        print("No account yet; `commissure user add NAME` makes one.")
    for account in listed:
        print("  ".join([f"{account.name:20}", plain(account.display_name), *_marks(account)]))


def disable(name: NameArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Let an account in no more; what it has open closes within a second."""
    _with_accounts(data, lambda accounts: accounts.store.set_disabled(name, is_disabled=True))
    _note(data, "disabled", name)
    _say(name, "disabled", f"{name} may not sign in any more.", as_json=as_json)


def enable(name: NameArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Let a disabled account in again."""
    _with_accounts(data, lambda accounts: accounts.store.set_disabled(name, is_disabled=False))
    _note(data, "enabled", name)
    _say(name, "enabled", f"{name} may sign in again.", as_json=as_json)


def reset_password(
    name: NameArgument,
    password_stdin: FromStdin = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Give an account another password, and sign it out everywhere."""
    password = _password(name, from_stdin=password_stdin)

    async def work(accounts: "Accounts") -> None:
        await accounts.store.set_password(name, accounts.passwords.hash(password))

    _with_accounts(data, work)
    _note(data, "password_reset", name)
    _say(name, "password reset", f"{name} has another password now.", as_json=as_json)


def reset_totp(
    name: NameArgument,
    off: Annotated[bool, typer.Option("--off", help="Ask for no second factor.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Give an account another second factor, and sign it out everywhere."""
    enrolment = None if off else Enrolment(name)

    async def work(accounts: "Accounts") -> "Account":
        factor = None if enrolment is None else enrolment.factor
        await accounts.store.set_second_factor(name, factor)
        secrets = await accounts.store.secrets_of(name)
        if secrets is None:
            raise AccountError("the account was removed meanwhile; add it again")
        return secrets.account

    said = f"{name} signs in with a password alone." if off else f"{name} has a new second factor."
    account = _with_accounts(data, work)
    _note(data, "second_factor_off" if off else "second_factor_reset", name)
    _tell(account, said, enrolment, as_json=as_json)


def remove(name: NameArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Forget an account; what it did in rooms stays under its name there."""
    _with_accounts(data, lambda accounts: accounts.store.remove(name))
    _note(data, "removed", name)
    _say(name, "removed", f"Removed {name}.", as_json=as_json)


class Enrolment:
    """A new second factor, to be shown once."""

    def __init__(self, name: str) -> None:
        from workspace.accounts.second_factor import (
            new_recovery_codes,
            new_secret,
            provisioning_uri,
            recovery_hash,
        )
        from workspace.accounts.store import SecondFactor

        secret = new_secret()
        self.codes = new_recovery_codes()
        self.uri = provisioning_uri(secret, name)
        self.factor: SecondFactor = SecondFactor(
            totp_secret=secret, recovery_hashes=tuple(map(recovery_hash, self.codes))
        )

    def print(self) -> None:
        """Show what an authenticator scans, and what to keep on paper."""
        import segno

        drawing = io.StringIO()
        segno.make(self.uri, error="m").terminal(out=drawing, compact=True)
        print(f"\nScan this with an authenticator, or type its secret:\n{drawing.getvalue()}")
        print(f"{self.uri}\n\nRecovery codes, each for one use; keep them on paper:")
        for code in self.codes:
            print(f"  {code}")


def _tell(account: "Account", said: str, enrolment: Enrolment | None, *, as_json: bool) -> None:
    if as_json:
        shown = {} if enrolment is None else _enrolment_document(enrolment)
        print(json.dumps(_document(account) | shown))
        return
    print(said)
    if enrolment is not None:
        enrolment.print()


def _enrolment_document(enrolment: Enrolment) -> dict[str, Any]:
    return {"otpauth_uri": enrolment.uri, "recovery_codes": list(enrolment.codes)}


def _document(account: "Account") -> dict[str, Any]:
    return {
        "name": account.name,
        "display_name": account.display_name,
        "disabled": account.is_disabled,
        "password": account.has_password,
        "totp": account.has_second_factor,
        "oidc": None if account.identity is None else list(account.identity),
        "created_at": account.created_at,
        "last_signed_in_at": account.last_signed_in_at or None,
    }


def _marks(account: "Account") -> list[str]:
    marks = {
        "disabled": account.is_disabled,
        "second factor": account.has_second_factor,
        "provider": account.identity is not None,
    }
    return [mark for mark, applies in marks.items() if applies]


def _say(name: str, became: str, sentence: str, *, as_json: bool) -> None:
    print(json.dumps({"name": name, "state": became}) if as_json else sentence)


def _password(name: str, *, from_stdin: bool) -> str:
    """Return an acceptable password, typed twice or from a pipe.

    Raises
    ------
    AccountError
        It is none.
    MisuseError
        There is nobody to ask.
    """
    from workspace.accounts.passwords import acceptable_password

    if from_stdin:
        return acceptable_password(sys.stdin.readline().rstrip("\r\n"), name)
    if not sys.stdin.isatty():
        raise MisuseError("there is no terminal to ask for a password; use --password-stdin")
    password = acceptable_password(getpass.getpass(f"Password of {name}: "), name)
    if getpass.getpass("Once more: ") != password:
        raise AccountError("the two passwords differ; nothing was changed")
    return password


def _note(data: Path | None, action: str, name: str) -> None:
    """Put on record what was done to an account."""
    from sessions.audit.records import Kind, Reference, code_of
    from workspace.audit.operating import note

    folder = require_folder(data or default_data_folder())
    account = Reference(kind="account", id=code_of(name))
    note(folder, Kind.ACCOUNT_CHANGED, action=action, object=account)


def _with_accounts(data: Path | None, work: "Callable[[Accounts], Awaitable[T]]") -> T:
    """Run `work` on the accounts of a data folder, which may be served meanwhile."""
    from workspace.accounts.accounts import Accounts

    async def run() -> T:
        accounts = await Accounts.open(require_folder(data or default_data_folder()))
        try:
            return await work(accounts)
        finally:
            await accounts.close()

    return asyncio.run(run())
