"""How long a member waits for a durable acknowledgement: python -m benchmarks.room_log."""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from imaging.space import RigidTransform
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import AdmitMember, MoveFragment
from sessions.plan.records import FragmentId, Member, MemberId, OperationId, Role
from sessions.room import Room
from tests.sessions.scene import ANA, NEGATIVE, POSITIVE, furnish, pieces, pin, place

RATE_PER_MEMBER_HZ = 10
SECONDS = 10


async def wait_times(room: Room, members: int, seconds: float) -> list[float]:
    """Let members ask at their rate and return how long each command took, ms."""
    start = time.perf_counter()

    async def member(number: int) -> list[float]:
        member_id = MemberId(f"member{number}")
        waited = []
        for count in range(int(seconds * RATE_PER_MEMBER_HZ)):
            due = start + (count + number / members) / RATE_PER_MEMBER_HZ
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            operation_id = OperationId(f"{members}-{number}-{count}")
            asked = time.perf_counter()
            if count % 10 == 0:
                await room.submit(member_id, operation_id, pin(operation_id))
            else:
                turn = RigidTransform.about_axis((0, 0, 1), 0.01 * (count * members + number))
                piece = (POSITIVE, NEGATIVE)[number % 2]
                command = MoveFragment(fragment_id=FragmentId(piece), transform=turn)
                await room.submit(member_id, operation_id, command)
            waited.append((time.perf_counter() - asked) * 1000)
        return waited

    return [it for own in await asyncio.gather(*map(member, range(members))) for it in own]


async def measure(folder: Path, members: int, seconds: float) -> list[float]:
    """Return the waiting times, ms, in a room of `members` with one subscriber."""
    room = await furnish(await Room.open(folder, "bench"))
    for number in range(members):
        admitted = Member(
            member_id=MemberId(f"member{number}"), name="M", role=Role.SURGEON, colour="#35a7ff"
        )
        await room.submit(SYSTEM, OperationId(f"in-{number}"), AdmitMember(member=admitted))
    await room.submit(ANA, OperationId("place"), place())
    await room.record(ANA, OperationId("cut"), pieces())
    room.subscribe(lambda *_: None)
    try:
        return await wait_times(room, members, seconds)
    finally:
        await room.close()


def main() -> None:
    """Print a line for each number of members."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    print("| members | commands | durable p50, ms | p99, ms | worst, ms |")
    print("|---|---|---|---|---|")
    for members in (2, 20):
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            waited = asyncio.run(measure(Path(folder), members, seconds))
        quantiles = statistics.quantiles(waited, n=100)
        print(
            f"| {members} | {len(waited)} | {quantiles[49]:.1f} | {quantiles[98]:.1f} "
            f"| {max(waited):.1f} |"
        )


if __name__ == "__main__":
    main()
