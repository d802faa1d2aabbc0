"""Leading everybody's view."""

import pytest

from sessions.errors import ForbiddenError, RejectedCommandError
from sessions.plan.records import Member, MemberId, Plan, Role
from sessions.presenting import present, without
from sessions.protocol import Present, Presenting
from tests.sessions.scene import ANA, BEN, MEMBERS, OLE

CEM = MemberId("cem")
_CEM = Member(member_id=CEM, name="Cem", role=Role.TRAINEE, colour="#35a7ff")
PLAN = Plan(members={member.member_id: member for member in (*MEMBERS, _CEM)})
NOBODY = Presenting()

START, ASK, STOP = Present(act="start"), Present(act="ask"), Present(act="stop")
TAKE_BACK = Present(act="take_back")


def grant(member_id: MemberId | None) -> Present:
    return Present(act="grant", member_id=member_id)


def led(*acts: tuple[MemberId, Present]) -> Presenting:
    now = NOBODY
    for member_id, asked in acts:
        now = present(now, PLAN, member_id, asked)
    return now


def test_whoever_comes_first_leads_and_others_ask() -> None:
    """Q1."""
    assert led((BEN, START)) == Presenting(presenter_id=BEN)
    assert led((BEN, ASK)) == Presenting(presenter_id=BEN)  # nobody is there to ask
    asked = led((BEN, START), (CEM, ASK), (ANA, START), (CEM, ASK), (BEN, START))
    assert asked == Presenting(presenter_id=BEN, asked=(CEM, ANA))


@pytest.mark.parametrize("by", [ANA, BEN])
def test_who_leads_or_owns_the_room_hands_the_view_over(by: MemberId) -> None:
    """Q2."""
    handed = led((BEN, START), (CEM, ASK), (ANA, ASK), (by, grant(CEM)))
    assert handed == Presenting(presenter_id=CEM, asked=(ANA,))


def test_nobody_else_hands_it_over_and_not_to_anybody() -> None:
    """Q2."""
    with pytest.raises(ForbiddenError, match="only who leads the view, or the room's owner"):
        led((BEN, START), (CEM, grant(CEM)))
    with pytest.raises(RejectedCommandError, match="to a member of this room"):
        led((BEN, START), (BEN, grant(None)))
    with pytest.raises(RejectedCommandError, match="to a member of this room"):
        led((BEN, START), (BEN, grant(MemberId("eve"))))
    with pytest.raises(RejectedCommandError, match="Ole may not lead the view"):
        led((BEN, START), (BEN, grant(OLE)))
    gone = Plan(members=PLAN.members, dismissed={CEM: "2026"})
    with pytest.raises(RejectedCommandError, match="to a member of this room"):
        present(Presenting(presenter_id=BEN), gone, BEN, grant(CEM))


def test_an_owner_takes_the_view_back() -> None:
    """Q2."""
    assert led((BEN, START), (CEM, ASK), (ANA, TAKE_BACK)) == Presenting(
        presenter_id=ANA, asked=(CEM,)
    )
    with pytest.raises(ForbiddenError, match="only the room's owner"):
        led((ANA, START), (BEN, TAKE_BACK))


def test_who_leads_or_owns_the_room_ends_it_and_others_ask_no_more() -> None:
    """Q3."""
    assert led((BEN, START), (BEN, STOP)) == NOBODY
    assert led((BEN, START), (ANA, STOP)) == NOBODY
    assert led((BEN, START), (CEM, ASK), (CEM, STOP)) == Presenting(presenter_id=BEN)


def test_who_leaves_leads_no_more() -> None:
    """Q3."""
    asked = Presenting(presenter_id=BEN, asked=(CEM,))
    assert without(asked, BEN) == NOBODY
    assert without(asked, CEM) == Presenting(presenter_id=BEN)
    assert without(asked, OLE) == asked


@pytest.mark.parametrize("act", [START, ASK, STOP, TAKE_BACK, grant(BEN)])
def test_who_may_not_lead_asks_for_nothing(act: Present) -> None:
    """Q4."""
    with pytest.raises(ForbiddenError, match="as observer you may not lead"):
        present(NOBODY, PLAN, OLE, act)
    for stranger in (MemberId("eve"), CEM):
        gone = Plan(members=PLAN.members, dismissed={CEM: "2026"})
        with pytest.raises(ForbiddenError, match="you are not a member of this room"):
            present(NOBODY, gone, stranger, act)
