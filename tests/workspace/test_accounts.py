"""Accounts, their passwords, second factors, sessions and attempts, without a server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from sessions.errors import LogError
from tests.sessions.scene import contents
from workspace.accounts.accounts import Accounts
from workspace.accounts.attempts import (
    FORGOTTEN_AFTER,
    FREE_OF_ACCOUNT,
    FREE_OF_ADDRESS,
    LONGEST_WAIT,
    network_of,
)
from workspace.accounts.auditing import DoorEvent, Outcome
from workspace.accounts.door import Door, HalfWay, MustWait, Refused, SignedIn
from workspace.accounts.passwords import Argon2Cost
from workspace.accounts.records import Account, Session, SessionLimits
from workspace.accounts.second_factor import (
    STEP_S,
    code_at,
    new_recovery_codes,
    new_secret,
    recovery_hash,
)
from workspace.accounts.store import SecondFactor
from workspace.errors import AccountError
from workspace.storage import accounts_in

QUICK: Final = Argon2Cost(memory_kib=8, passes=1, lanes=1)
PASSWORD: Final = "saw horse tin roof"
HERE: Final = "192.0.2.7"


class Clock:
    """Goes on when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Trail:
    """Remembers what was noted."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    async def __call__(
        self, kind: DoorEvent, outcome: Outcome, account_or_member: str, address: str
    ) -> None:
        self.rows.append((kind, outcome, account_or_member, address))

    @property
    def kinds(self) -> list[str]:
        return [row[0] for row in self.rows]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trail() -> Trail:
    return Trail()


@pytest.fixture
async def accounts(tmp_path: Path, clock: Clock) -> AsyncIterator[Accounts]:
    opened = await Accounts.open(tmp_path, clock=clock, cost=QUICK)
    yield opened
    await opened.close()


@pytest.fixture
def door(accounts: Accounts, trail: Trail) -> Door:
    return Door(accounts, trail)


def account(name: str = "ana", **more: object) -> Account:
    return Account(account_id="", name=name, display_name=name.title(), **more)  # type: ignore[arg-type]


async def add(accounts: Accounts, name: str = "ana", factor: SecondFactor | None = None) -> Account:
    return await accounts.store.add(account(name), accounts.passwords.hash(PASSWORD), factor)


async def half_way(accounts: Accounts, door: Door) -> Session:
    answer = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(answer, HalfWay)
    session = await accounts.sign_ins.session_of(answer.token)
    assert session is not None
    assert session.is_half_way
    return session


async def test_an_account_is_made_found_and_forgotten(accounts: Accounts) -> None:
    made = await add(accounts)
    assert made.has_password
    assert not made.has_second_factor
    found = await accounts.store.secrets_of("ana")
    assert found is not None
    assert found.account == made
    assert await accounts.store.listed() == (made,)
    with pytest.raises(AccountError, match="there is an account ana already"):
        await add(accounts)
    await accounts.store.remove("ana")
    assert await accounts.store.listed() == ()
    with pytest.raises(AccountError, match="no account of this name"):
        await accounts.store.remove("ana")


@pytest.mark.parametrize("name", ["", "Ana", " ana", "a b", "a\n", "-ana", "x" * 65, "\u0430na"])
async def test_what_is_no_name_makes_no_account(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="lower-case letters"):
        await add(accounts, name)


async def test_a_subject_of_a_provider_has_one_account(accounts: Accounts) -> None:
    identity = ("https://id.example", "s1")
    made = await accounts.store.add(account(identity=identity))
    assert await accounts.store.by_identity(*identity) == made
    assert await accounts.store.by_identity("https://other.example", "s1") is None
    with pytest.raises(AccountError, match="has an account already"):
        await accounts.store.add(account("ben", identity=identity))


async def test_the_file_is_private_and_holds_no_token_and_no_password(
    tmp_path: Path, accounts: Accounts, door: Door
) -> None:
    codes = new_recovery_codes()
    made = await add(accounts)
    answer = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(answer, SignedIn)
    factor = SecondFactor(
        totp_secret=new_secret(), recovery_hashes=tuple(map(recovery_hash, codes))
    )
    await accounts.store.set_second_factor(made.name, factor)
    assert accounts_in(tmp_path).stat().st_mode & 0o077 == 0
    content = b"".join(contents(tmp_path))
    for secret in (PASSWORD, answer.token, *codes, codes[0].replace("-", "")):
        assert secret.encode() not in content


async def test_accounts_of_a_later_version_are_refused(tmp_path: Path) -> None:
    import apsw

    connection = apsw.Connection(str(accounts_in(tmp_path)))
    connection.pragma("user_version", 99)
    connection.close()
    with pytest.raises(LogError, match="a later version"):
        await Accounts.open(tmp_path)


async def test_a_right_password_lets_in_and_a_wrong_one_does_not(
    accounts: Accounts, door: Door, trail: Trail
) -> None:
    made = await add(accounts)
    answer = await door.knock(" Ana ", PASSWORD, HERE)
    assert isinstance(answer, SignedIn)
    session = await accounts.sign_ins.session_of(answer.token)
    assert session is not None
    assert session.account.account_id == made.account_id
    assert isinstance(await door.knock("ana", PASSWORD + "x", HERE), Refused)
    assert isinstance(await door.knock("nobody", PASSWORD, HERE), Refused)
    assert trail.rows == [
        ("sign_in", "success", made.account_id, HERE),
        ("sign_in_refused", "refused", made.account_id, HERE),
        ("sign_in_refused", "refused", "", HERE),
    ]


async def test_an_account_without_a_password_is_not_opened_by_an_empty_one(
    accounts: Accounts, door: Door
) -> None:
    await accounts.store.add(account())
    for given in ("", "None", "nobody's password"):
        assert isinstance(await door.knock("ana", given, HERE), Refused)


@pytest.mark.parametrize("name", ["ana", "nobody"])
async def test_who_is_wrong_too_often_waits_and_an_unknown_name_waits_alike(
    accounts: Accounts, door: Door, trail: Trail, clock: Clock, name: str
) -> None:
    """Abuse row 4."""
    await add(accounts)
    answers = [await door.knock(name, "wrong", HERE) for _ in range(FREE_OF_ACCOUNT)]
    assert [type(it) for it in answers] == [Refused] * (FREE_OF_ACCOUNT - 1) + [MustWait]
    assert isinstance(await door.knock(name, PASSWORD, HERE), MustWait)
    assert trail.kinds.count("account_locked") == 1
    waits = []
    for _ in range(14):
        last = answers[-1]
        assert isinstance(last, MustWait)
        waits.append(last.seconds)
        clock.now += timedelta(seconds=last.seconds)
        answers.append(await door.knock(name, "wrong", f"198.51.100.{len(waits)}"))
    assert waits[:4] == [2, 3, 5, 9]
    assert max(waits) <= LONGEST_WAIT.total_seconds() + 1


async def test_a_right_password_after_the_wait_forgets_the_wrong_ones(
    accounts: Accounts, door: Door, clock: Clock
) -> None:
    await add(accounts)
    for _ in range(FREE_OF_ACCOUNT):
        await door.knock("ana", "wrong", HERE)
    clock.now += timedelta(seconds=3)
    assert isinstance(await door.knock("ana", PASSWORD, HERE), SignedIn)
    assert isinstance(await door.knock("ana", "wrong", HERE), Refused)


async def test_an_address_that_tries_many_names_waits_and_another_does_not(
    accounts: Accounts, door: Door, clock: Clock
) -> None:
    """Abuse row 4."""
    await add(accounts)
    answers = [await door.knock(f"name{it}", "wrong", HERE) for it in range(FREE_OF_ADDRESS)]
    assert isinstance(answers[-1], MustWait)
    assert answers[-1].seconds > 600
    assert isinstance(await door.knock("ana", PASSWORD, HERE), MustWait)
    assert isinstance(await door.knock("ana", PASSWORD, "192.0.2.8"), SignedIn)
    clock.now += FORGOTTEN_AFTER
    assert isinstance(await door.knock("ana", PASSWORD, HERE), SignedIn)


async def test_attempts_at_once_are_no_way_around_the_wait(accounts: Accounts, door: Door) -> None:
    await add(accounts)
    answers = await asyncio.gather(*(door.knock("ana", "wrong", HERE) for _ in range(30)))
    assert sum(isinstance(it, Refused) for it in answers) < FREE_OF_ACCOUNT


async def test_waits_survive_a_restart(tmp_path: Path, trail: Trail) -> None:
    for _ in range(2):
        accounts = await Accounts.open(tmp_path, cost=QUICK)
        answers = [await Door(accounts, trail).knock("ana", "no", HERE) for _ in range(3)]
        await accounts.close()
    assert isinstance(answers[-1], MustWait)


def test_a_network_of_version_six_is_one_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff")
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("unix") == "unix"


async def test_a_code_lets_in_once(
    accounts: Accounts, door: Door, trail: Trail, clock: Clock
) -> None:
    secret = new_secret()
    await add(accounts, factor=SecondFactor(totp_secret=secret, recovery_hashes=()))
    session = await half_way(accounts, door)
    other = await half_way(accounts, door)
    code = code_at(secret, clock.now)
    answers = await asyncio.gather(
        door.show_code(session, code, HERE), door.show_code(other, code, HERE)
    )
    assert sorted(type(it).__name__ for it in answers) == ["Refused", "SignedIn"]
    assert sorted(trail.kinds) == ["second_factor_refused", "sign_in"]
    again = await half_way(accounts, door)
    clock.now += timedelta(seconds=1)
    assert isinstance(await door.show_code(again, code, HERE), Refused)
    earlier = code_at(secret, clock.now - timedelta(seconds=STEP_S))
    assert isinstance(await door.show_code(again, earlier, HERE), Refused)


async def test_the_password_is_no_way_to_try_all_codes(accounts: Accounts, door: Door) -> None:
    factor = SecondFactor(totp_secret=new_secret(), recovery_hashes=())
    await add(accounts, factor=factor)
    for _ in range(FREE_OF_ACCOUNT):
        session = await half_way(accounts, door)
        answer = await door.show_code(session, "000000", HERE)
    assert isinstance(answer, MustWait)
    assert isinstance(await door.knock("ana", PASSWORD, HERE), MustWait)


async def test_half_way_in_is_not_in_and_ends_soon(
    accounts: Accounts, door: Door, clock: Clock
) -> None:
    secret = new_secret()
    await add(accounts, factor=SecondFactor(totp_secret=secret, recovery_hashes=()))
    answer = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(answer, HalfWay)
    session = await accounts.sign_ins.session_of(answer.token)
    assert session is not None
    inside = await door.show_code(session, code_at(secret, clock.now), HERE)
    assert isinstance(inside, SignedIn)
    assert inside.token != answer.token
    assert await accounts.sign_ins.session_of(answer.token) is None
    late = await accounts.sign_ins.begin(inside.account.account_id, is_half_way=True)
    clock.now += SessionLimits().half_way
    assert await accounts.sign_ins.session_of(late) is None


async def test_a_recovery_code_lets_in_once_however_it_is_typed(
    accounts: Accounts, door: Door
) -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    hashes = tuple(map(recovery_hash, codes))
    await add(accounts, factor=SecondFactor(totp_secret=new_secret(), recovery_hashes=hashes))
    session = await half_way(accounts, door)
    typed = codes[0].lower().replace("-", " ")
    assert isinstance(await door.show_recovery_code(session, typed, HERE), SignedIn)
    again = await half_way(accounts, door)
    assert isinstance(await door.show_recovery_code(again, codes[0], HERE), Refused)
    assert isinstance(await door.show_recovery_code(again, "", HERE), Refused)


async def test_a_session_ends_when_it_is_idle_and_at_last_in_any_case(
    accounts: Accounts, door: Door, clock: Clock
) -> None:
    """Abuse row 21."""
    await add(accounts)
    answer = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(answer, SignedIn)
    limits, began = SessionLimits(), clock.now
    while clock.now - began < limits.absolute - limits.idle:
        clock.now += limits.idle - timedelta(minutes=2)
        assert await accounts.sign_ins.session_of(answer.token) is not None
    clock.now = began + limits.absolute
    assert await accounts.sign_ins.session_of(answer.token) is None
    idle = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(idle, SignedIn)
    clock.now += limits.idle
    assert await accounts.sign_ins.session_of(idle.token) is None


async def test_signing_out_ends_one_session_or_all(
    accounts: Accounts, door: Door, trail: Trail
) -> None:
    await add(accounts)
    tokens = []
    for _ in range(3):
        answer = await door.knock("ana", PASSWORD, HERE)
        assert isinstance(answer, SignedIn)
        tokens.append(answer.token)
    first, second, third = [await accounts.sign_ins.session_of(it) for it in tokens]
    assert first
    assert second
    assert third
    await door.leave(first, HERE)
    hashes = [it.token_hash for it in (first, second, third)]
    assert await accounts.sign_ins.live(hashes) == set(hashes[1:])
    await door.leave_everywhere(second, HERE)
    assert await accounts.sign_ins.live(hashes) == frozenset()
    assert trail.kinds[-2:] == ["sign_out", "sign_out"]


@pytest.mark.parametrize("change", ["disable", "password", "second factor", "remove"])
async def test_whatever_changes_the_account_signs_it_out(
    accounts: Accounts, door: Door, change: str
) -> None:
    await add(accounts)
    answer = await door.knock("ana", PASSWORD, HERE)
    assert isinstance(answer, SignedIn)
    match change:
        case "disable":
            await accounts.store.set_disabled("ana", is_disabled=True)
            assert isinstance(await door.knock("ana", PASSWORD, HERE), Refused)
        case "password":
            await accounts.store.set_password("ana", accounts.passwords.hash("another " * 3))
        case "second factor":
            await accounts.store.set_second_factor("ana", None)
        case _:
            await accounts.store.remove("ana")
    assert await accounts.sign_ins.session_of(answer.token) is None


@pytest.mark.parametrize("token", ["", "x" * 43, "\ud800", "' OR 1=1 --"])
async def test_a_made_up_token_is_no_session(accounts: Accounts, token: str) -> None:
    await add(accounts)
    assert await accounts.sign_ins.session_of(token) is None
