"""Frames of reference: what may be laid over or measured across what."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import imaging.registration.frames as frames_module
import imaging.registration.registration as registration_module
from imaging.errors import RefusedFileError, UnregisteredFramesError
from imaging.registration.frames import distance_between_mm, require_same_world
from imaging.registration.registration import (
    ErrorEstimate,
    RigidRegistration,
    from_json,
    to_json,
)
from imaging.space import RigidTransform, distance_mm

ROUNDING_MM = 1e-9


def link(fixed: str, moving: str, pose: RigidTransform) -> RigidRegistration:
    return RigidRegistration(
        fixed, moving, pose, "landmarks", "landmarks", ErrorEstimate(0.1, 0.2, 2)
    )


TURN = RigidTransform(translation_mm=(1, 2, 3)) @ RigidTransform.about_axis((0, 0, 1), 30)
TILT = RigidTransform(translation_mm=(-9, 0, 4)) @ RigidTransform.about_axis((1, 0, 0), -70)
KNOWN = (link("1.1", "1.2", TURN), link("1.3", "1.2", TILT), link("1.8", "1.9", TURN))


def test_one_frame_needs_no_registration() -> None:
    assert require_same_world("1.1", "1.1") == RigidTransform()


def test_a_registration_links_both_ways() -> None:
    point = (7.0, 8.0, 9.0)
    assert require_same_world("1.1", "1.2", KNOWN).apply(point) == TURN.apply(point)
    back = require_same_world("1.2", "1.1", KNOWN).apply(TURN.apply(point))
    assert distance_mm(back, point) < ROUNDING_MM


def test_a_chain_links_frames_that_were_never_registered_to_each_other() -> None:
    point = (7.0, 8.0, 9.0)
    through = TURN.apply(TILT.inverse().apply(point))
    assert distance_mm(require_same_world("1.1", "1.3", KNOWN).apply(point), through) < ROUNDING_MM


@given(st.sampled_from(["1.1", "1.2", "1.3"]), st.sampled_from(["1.1", "1.2", "1.3"]))
def test_there_and_back_is_nothing(first: str, second: str) -> None:
    both = require_same_world(first, second, KNOWN) @ require_same_world(second, first, KNOWN)
    assert distance_mm(both.apply((50.0, 60.0, 70.0)), (50.0, 60.0, 70.0)) < ROUNDING_MM


@pytest.mark.parametrize(
    ("first", "second"), [("1.1", "1.8"), ("1.1", "2.2"), ("", "1.1"), ("1.1", ""), ("", "")]
)
def test_frames_that_nothing_links_are_refused(first: str, second: str) -> None:
    with pytest.raises(UnregisteredFramesError) as refused:
        require_same_world(first, second, KNOWN)
    assert refused.value.code == "unregistered_frames"
    with pytest.raises(UnregisteredFramesError):
        distance_between_mm((0, 0, 0), first, (1, 0, 0), second, KNOWN)


def test_a_registration_of_a_volume_without_a_frame_links_nothing() -> None:
    nameless = (link("1.1", "", TURN), link("", "1.3", TILT))
    with pytest.raises(UnregisteredFramesError):
        require_same_world("1.1", "1.3", nameless)


def test_a_distance_across_frames_is_measured_in_one_of_them() -> None:
    point = (7.0, 8.0, 9.0)
    assert distance_between_mm(TURN.apply(point), "1.1", point, "1.2", KNOWN) < ROUNDING_MM
    assert distance_between_mm((0, 0, 0), "1.1", (3, 4, 0), "1.1") == pytest.approx(5)


def test_rooms_can_ask_without_voxels() -> None:
    for module in (frames_module, registration_module):
        assert module.__file__ is not None
        tree = ast.parse(Path(module.__file__).read_text())
        named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        named |= {
            one.name for it in ast.walk(tree) if isinstance(it, ast.Import) for one in it.names
        }
        assert not {name for name in named if name and name.startswith(("numpy", "imaging.volume"))}


def test_a_registration_survives_its_document() -> None:
    assert from_json(to_json(KNOWN[0])) == KNOWN[0]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"fixed_frame_uid": "1"}',
        to_json(KNOWN[0]).replace(b"0.1,", b"-0.1,"),
        to_json(KNOWN[0]).replace(b'"rotation": [', b'"rotation": [9, '),
    ],
)
def test_a_document_that_holds_no_registration_is_refused(document: bytes) -> None:
    with pytest.raises(RefusedFileError) as refused:
        from_json(document)
    assert refused.value.code == "bad_registration"
