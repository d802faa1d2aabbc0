"""docs/protocol.md tells every message, command and field that there is, and no other."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from sessions.plan.commands import MemberCommand
from sessions.protocol import (
    PROTOCOL_VERSION,
    Activity,
    Change,
    ClientMessage,
    Overwrote,
    ServerMessage,
    ViewKind,
)

TEXT = (Path(__file__).parents[1] / "docs" / "protocol.md").read_text()
ROWS = {
    row[1]: row[2] for row in re.finditer(r"^\| `(\w+)` \| ([^|]*) \|", TEXT, flags=re.MULTILINE)
}

SAID = (*get_args(ClientMessage), *get_args(ServerMessage), *get_args(MemberCommand))


def tag_of(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


@pytest.mark.parametrize("kind", SAID, ids=tag_of)
def test_a_message_or_command_is_told_with_all_its_fields(kind: type[msgspec.Struct]) -> None:
    told = set(re.findall(r"`(\w+)`", ROWS[tag_of(kind)]))
    assert {field.encode_name for field in msgspec.structs.fields(kind)} <= told


def test_nothing_is_told_that_there_is_not() -> None:
    assert set(ROWS) == {tag_of(kind) for kind in SAID}


def test_the_parts_of_messages_and_the_kinds_of_the_view_are_told() -> None:
    for kind in (Activity, Change, Overwrote):
        assert all(f"`{field.name}`" in TEXT for field in msgspec.structs.fields(kind))
    assert all(f"`{kind}`" in TEXT for kind in get_args(ViewKind))
    assert f"# The protocol of a room, version {PROTOCOL_VERSION}" in TEXT
