"""Deciding and evolving in one go, without a room."""

from sessions.plan.evolving import evolve_all
from sessions.plan.records import MemberId, Plan
from sessions.plan.rules import PlanCommand, decide
from tests.sessions.scene import ANA, NEGATIVE, POSITIVE, pieces, place

AT = "2026-01-02T03:04:05.000Z"


def after(plan: Plan, *commands: PlanCommand, by: MemberId = ANA) -> Plan:
    """Return the plan after `commands` of one member."""
    for command in commands:
        plan = evolve_all(plan, decide(plan, command, by=by, at=AT))
    return plan


def halved(plan: Plan) -> Plan:
    """Return the plan with the skull cut into `POSITIVE` and `NEGATIVE`."""
    plan = after(plan, place(), pieces())
    assert set(plan.fragments) == {POSITIVE, NEGATIVE}
    return plan
