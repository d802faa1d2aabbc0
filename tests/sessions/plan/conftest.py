"""A plan with a case in it."""

import pytest

from sessions.plan.casework import SYSTEM
from sessions.plan.evolving import evolve_all
from sessions.plan.records import Plan
from sessions.plan.rules import decide
from tests.sessions.scene import SETUP


@pytest.fixture
def plan() -> Plan:
    """Return a plan with a skull, a brain, and Ana, Ben and Ole."""
    plan = Plan()
    for command in SETUP:
        plan = evolve_all(plan, decide(plan, command, by=SYSTEM, at=""))
    return plan
