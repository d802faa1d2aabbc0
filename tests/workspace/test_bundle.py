import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from imaging.space import Plane
from segmentation.surface.encoding import to_blob
from sessions.errors import ArchiveError, RoomError
from sessions.plan.anatomy import surfaces_of
from sessions.plan.commands import ApplyCut, Undo
from sessions.plan.records import CutId, Role
from tests.segmentation.solids import ball
from tests.sessions.scene import pin, place
from tests.workspace.served_room import ROOM, Guest, Served, served
from workspace.errors import BundleError
from workspace.export.bundle import LOG, SURFACES, surfaces_in
from workspace.export.bundle_rooms import import_bundle
from workspace.planning.pool import GeometryPool
from workspace.storage import blobs_in

Parts = dict[str, bytes]


def unpacked(bundle: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(bundle)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


@pytest.fixture
async def worked_in(server: Served) -> AsyncIterator[tuple[Served, Guest]]:
    """A room in which a solid was cut, a note pinned, and a cut taken back."""
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone"))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        await line.done(pin("n1", "bone"))
        await line.done(place("c2", "c1+", Plane((0, 0, 20), (0, 0, 1))))
        await line.done(Undo())
        yield server, ana


@pytest.fixture
async def bundle(worked_in: tuple[Served, Guest], tmp_path: Path) -> Path:
    """That room, as a member downloads it."""
    content = await (await worked_in[1].get("bundle")).read()
    return packed(tmp_path / "downloaded.commissure", unpacked(content))


async def test_a_downloaded_room_opens_elsewhere_to_an_equal_state(
    worked_in: tuple[Served, Guest], bundle: Path, tmp_path: Path, pool: GeometryPool
) -> None:
    there = tmp_path / "there"
    name, state_hash = await asyncio.to_thread(import_bundle, bundle, there, "theatre-1")
    room = (await worked_in[0].hosted()).room
    assert (name, state_hash) == (ROOM, room.state_hash)
    async with served(there, pool) as elsewhere, Guest.joining(elsewhere, Role.OBSERVER) as ole:
        hosted = await elsewhere.hosted()
        assert (await hosted.room.entries())[: room.revision] == await room.entries()
        for sha256 in surfaces_of(hosted.room.plan):
            assert (await ole.get(f"surfaces/{sha256}.drc")).status == 200


async def test_a_bundle_holds_the_log_and_every_surface_that_it_names(
    worked_in: tuple[Served, Guest], bundle: Path
) -> None:
    entries = await (await worked_in[0].hosted()).room.entries()
    expected = {LOG, *(f"{SURFACES}{name}" for name in surfaces_in(entries))}
    assert set(unpacked(await asyncio.to_thread(bundle.read_bytes))) == expected
    assert len(expected) == 5  # the log, two segments, two fragments


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.OBSERVER, Role.PATIENT])
async def test_who_only_watches_or_learns_takes_nothing_away(server: Served, role: Role) -> None:
    async with Guest.joining(server, role) as ole:
        for path in ("bundle", "export/bone.stl"):
            answer = await ole.get(path)
            assert (answer.status, "Content-Disposition" in answer.headers) == (403, False)


async def test_a_radiologist_may_take_the_room_away(server: Served) -> None:
    async with Guest.joining(server, Role.RADIOLOGIST) as rai:
        answer = await rai.get("bundle")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ROOM}.commissure"'
    assert answer.headers["Cache-Control"] == "no-store"


def without_a_surface(parts: Parts) -> Parts:
    name = next(name for name in parts if name != LOG)
    return {key: value for key, value in parts.items() if key != name}


def with_another_surface(parts: Parts) -> Parts:
    name = next(name for name in parts if name != LOG)
    return {**parts, name: to_blob(ball(7))}


def with_a_torn_surface(parts: Parts) -> Parts:
    name = next(name for name in parts if name != LOG)
    return {**parts, name: parts[name][:-12]}


def with_a_path_upwards(parts: Parts) -> Parts:
    return {**parts, "../../evil": b"x"}


def with_an_absolute_path(parts: Parts) -> Parts:
    return {**parts, "/etc/evil": b"x"}


def without_a_log(parts: Parts) -> Parts:
    return {key: value for key, value in parts.items() if key != LOG}


def with_a_log_cut_short(parts: Parts) -> Parts:
    return {**parts, LOG: parts[LOG].rsplit(b"\n", 2)[0] + b"\n"}


def with_a_changed_note(parts: Parts) -> Parts:
    return {**parts, LOG: parts[LOG].replace(b"mind the sinus", b"mind the simus")}


def with_entries_swapped(parts: Parts) -> Parts:
    lines = parts[LOG].splitlines(keepends=True)
    return {**parts, LOG: b"".join([*lines[:2], lines[3], lines[2], *lines[4:]])}


def with_nonsense_for_a_log(parts: Parts) -> Parts:
    return {**parts, LOG: json.dumps({"format": "other"}).encode()}


@pytest.mark.parametrize(
    "tampered",
    [
        without_a_surface,
        with_another_surface,
        with_a_torn_surface,
        with_a_path_upwards,
        with_an_absolute_path,
        without_a_log,
        with_a_log_cut_short,
        with_a_changed_note,
        with_entries_swapped,
        with_nonsense_for_a_log,
    ],
)
def test_a_bundle_that_was_tampered_with_is_refused_and_leaves_nothing(
    bundle: Path, tmp_path: Path, tampered: Callable[[Parts], Parts]
) -> None:
    changed = packed(tmp_path / "changed.commissure", tampered(unpacked(bundle.read_bytes())))
    there = tmp_path / "there"
    with pytest.raises((BundleError, ArchiveError)):
        import_bundle(changed, there, None)
    assert not list((there / "rooms").iterdir())
    assert [path.name for path in there.rglob("*") if path.is_file()] == ["intake.lock"]


def test_a_surface_whose_name_fits_but_that_is_none_is_refused(tmp_path: Path) -> None:
    """Also its hash is right: what counts is that the bytes are a closed surface of ours."""
    blobs = blobs_in(tmp_path)
    nonsense = b"MZ" * 100
    parts = {LOG: b"", f"{SURFACES}{blobs.name_of(nonsense)}": nonsense}
    with pytest.raises(ArchiveError):
        import_bundle(packed(tmp_path / "x.commissure", parts), tmp_path / "there", None)


def test_a_bundle_with_too_many_files_or_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    many = {f"{SURFACES}{number:064x}": b"" for number in range(10_002)}
    with pytest.raises(BundleError, match="more files than any room"):
        import_bundle(packed(tmp_path / "many.commissure", many), tmp_path / "there", None)
    path = packed(tmp_path / "bomb.commissure", {LOG: b"", f"{SURFACES}{0:064x}": b""})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (2**31).to_bytes(4, "little")  # claims 2 GB
    path.write_bytes(data)
    with pytest.raises(BundleError, match="larger than any"):
        import_bundle(path, tmp_path / "there", None)


def test_every_flipped_byte_is_refused_or_changes_nothing(bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    accepted = 0
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        data = bytearray(whole)
        data[at] ^= 0x40
        path = tmp_path / "flipped.commissure"
        path.write_bytes(data)
        try:
            import_bundle(path, tmp_path / f"there-{at}", "room")
        except (BundleError, ArchiveError):
            assert not list((tmp_path / f"there-{at}" / "rooms").iterdir())
        else:
            accepted += 1  # for example a byte of a time stamp in the zip
    assert accepted < 20


def test_a_bundle_does_not_replace_a_room(bundle: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    _, first = import_bundle(bundle, there, "theatre")
    with pytest.raises(RoomError, match="there is a room theatre already"):
        import_bundle(bundle, there, "theatre")
    with pytest.raises(RoomError, match="--as"):
        import_bundle(bundle, there, "../theatre")
    assert import_bundle(bundle, there, "theatre-2")[1] == first


def test_surfaces_that_were_there_before_survive_a_refused_bundle(
    bundle: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    import_bundle(bundle, there, "theatre")
    kept = sorted(path for path in (there / "blobs").rglob("*") if path.is_file())
    parts = with_another_surface(unpacked(bundle.read_bytes()))
    with pytest.raises(BundleError):
        import_bundle(packed(tmp_path / "changed.commissure", parts), there, None)
    assert sorted(path for path in (there / "blobs").rglob("*") if path.is_file()) == kept
