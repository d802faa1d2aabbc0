"""How far a branch has come: agreed, under review, or changed since."""

import msgspec

from sessions.plan.records import BranchId, Plan, VersionId, VersionState
from sessions.plan.versioning import label_of, unconfirmed_imaging, words_of


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a branch on every screen."""

    branch_id: BranchId
    state: VersionState
    """Of the version that it still is; a draft once anything was changed."""
    label: str
    """For example "v3 (posterior approach), approved" or "Draft after v3 (posterior approach)"."""
    version_id: VersionId | None
    """None: it is no version, or no longer."""
    newer_imaging: bool
    """There are images that nobody has checked the plan against."""


def status_of(plan: Plan) -> Status:
    """Return how far the plan's branch has come.

    A version and its signatures are for what was saved; the first edit afterwards makes the branch
    an unsigned draft again.
    """
    base = None if plan.base_version_id is None else plan.versions.get(plan.base_version_id)
    newer = unconfirmed_imaging(plan) is not None
    if base is None or plan.edited:
        label = "Draft" if base is None else f"Draft after {label_of(base)}"
        state = VersionState.STALE if newer else VersionState.DRAFT
        return Status(
            branch_id=plan.branch_id,
            state=state,
            label=f"{label}, stale" if newer else label,
            version_id=None,
            newer_imaging=newer,
        )
    return Status(
        branch_id=plan.branch_id,
        state=base.state,
        label=f"{label_of(base)}, {words_of(base.state)}",
        version_id=base.version_id,
        newer_imaging=newer,
    )
