"""Signing in: a password, a second factor, or a provider's word; what comes of it."""

from collections.abc import Awaitable, Callable

import msgspec

from workspace.accounts.accounts import Accounts
from workspace.accounts.auditing import AuditSink, DoorEvent, Outcome
from workspace.accounts.records import Account, Session
from workspace.accounts.second_factor import recovery_hash, step_of
from workspace.accounts.store import Secrets


class SignedIn(msgspec.Struct, frozen=True):
    """Come in; the token is for the browser's cookie."""

    token: str
    account: Account


class HalfWay(msgspec.Struct, frozen=True):
    """The password was right; now the second factor."""

    token: str


class Refused(msgspec.Struct, frozen=True):
    """Not so."""


class MustWait(msgspec.Struct, frozen=True):
    """Too many attempts."""

    seconds: int


Answer = SignedIn | HalfWay | Refused | MustWait

Check = Callable[[Secrets], Awaitable[bool]]


class Door:
    """Lets accounts in, and has everything noted.

    Parameters
    ----------
    accounts : Accounts
        Who may come in.
    audit : AuditSink
        Told of every attempt.
    """

    def __init__(self, accounts: Accounts, audit: AuditSink) -> None:
        self._accounts = accounts
        self._audit = audit

    async def knock(self, name: str, password: str, address: str) -> Answer:
        """Try a name and a password."""
        name = name.strip().casefold()
        attempts = self._accounts.attempts
        wait = await attempts.begin(name, address)
        if wait is not None:
            return await self._turned_away(wait.seconds, address)
        secrets = await self._accounts.store.secrets_of(name)
        stored = None if secrets is None else secrets.password_hash
        checked = await self._accounts.passwords.check(stored, password)
        if secrets is None or not checked.is_right or secrets.account.is_disabled:
            return await self._refuse(DoorEvent.SIGN_IN_REFUSED, name, secrets, address)
        account = secrets.account
        if checked.new_hash is not None:
            await self._accounts.store.keep_hash(account.account_id, checked.new_hash)
        if secrets.totp_secret is not None:
            await attempts.passed(name, address)
            sign_ins = self._accounts.sign_ins
            return HalfWay(await sign_ins.begin(account.account_id, is_half_way=True))
        return await self._let_in(account, address)

    async def show_code(self, session: Session, code: str, address: str) -> Answer:
        """Try a code of the authenticator, half-way in; the session is replaced by another."""

        async def is_right(secrets: Secrets) -> bool:
            if secrets.totp_secret is None:
                return False
            last, now = secrets.totp_last_step, self._accounts.clock()
            step = step_of(secrets.totp_secret, code, now, last)
            account_id = secrets.account.account_id
            return step is not None and await self._accounts.store.accept_step(account_id, step)

        return await self._second_factor(session, is_right, address)

    async def show_recovery_code(self, session: Session, code: str, address: str) -> Answer:
        """Try one of the codes kept on paper, half-way in; it is used up."""

        async def is_right(secrets: Secrets) -> bool:
            return await self._accounts.store.spend_recovery_code(
                secrets.account.account_id, recovery_hash(code)
            )

        return await self._second_factor(session, is_right, address)

    async def vouched_for(self, account: Account, address: str) -> Answer:
        """Let somebody in for whom the provider vouches; the provider asked for all factors."""
        if account.is_disabled:
            await self._audit(
                DoorEvent.SIGN_IN_REFUSED, Outcome.REFUSED, account.account_id, address
            )
            return Refused()
        return await self._let_in(account, address)

    async def leave(self, session: Session, address: str) -> None:
        """Sign a browser out."""
        await self._accounts.sign_ins.end(session.token_hash)
        account_id = session.account.account_id
        await self._audit(DoorEvent.SIGN_OUT, Outcome.SUCCESS, account_id, address)

    async def leave_everywhere(self, session: Session, address: str) -> None:
        """Sign an account out in all browsers."""
        account_id = session.account.account_id
        await self._accounts.sign_ins.end_all(account_id)
        await self._audit(DoorEvent.SIGN_OUT, Outcome.SUCCESS, account_id, address)

    async def _second_factor(self, session: Session, is_right: Check, address: str) -> Answer:
        account = session.account
        wait = await self._accounts.attempts.begin(account.name, address)
        if wait is not None:
            return await self._turned_away(wait.seconds, address)
        secrets = await self._accounts.store.secrets_by_id(account.account_id)
        if secrets is None or not await is_right(secrets):
            return await self._refuse(
                DoorEvent.SECOND_FACTOR_REFUSED, account.name, secrets, address
            )
        await self._accounts.sign_ins.end(session.token_hash)
        return await self._let_in(account, address)

    async def _let_in(self, account: Account, address: str) -> SignedIn:
        await self._accounts.attempts.succeeded(account.name, address)
        await self._audit(DoorEvent.SIGN_IN, Outcome.SUCCESS, account.account_id, address)
        token = await self._accounts.sign_ins.begin(account.account_id)
        await self._accounts.store.note_sign_in(account.account_id)
        return SignedIn(token, account)

    async def _refuse(
        self, kind: DoorEvent, name: str, secrets: Secrets | None, address: str
    ) -> Answer:
        who = "" if secrets is None else secrets.account.account_id
        await self._audit(kind, Outcome.REFUSED, who, address)
        wait = await self._accounts.attempts.failed(name, address)
        if wait is None:
            return Refused()
        await self._audit(DoorEvent.ACCOUNT_LOCKED, Outcome.REFUSED, who, address)
        return MustWait(wait.seconds)

    async def _turned_away(self, seconds: int, address: str) -> MustWait:
        await self._audit(DoorEvent.SIGN_IN_REFUSED, Outcome.REFUSED, "", address)
        return MustWait(seconds)
