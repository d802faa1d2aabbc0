"""Rules for versions, branches and newer images: who vouches for what."""

from typing import Final

from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    ConfirmImaging,
    OpenBranch,
    ReceiveImaging,
    RequestReview,
    ReturnToDraft,
    SaveVersion,
    SignVersion,
)
from sessions.plan.content import content_hash
from sessions.plan.events import (
    BranchOpened,
    ImagingConfirmed,
    ImagingReceived,
    PlanEvent,
    ReturnedToDraft,
    ReviewRequested,
    VersionApproved,
    VersionSaved,
    VersionSigned,
    VersionSuperseded,
    VersionWentStale,
)
from sessions.plan.records import (
    MAIN,
    Branch,
    Imaging,
    MemberId,
    Plan,
    Signature,
    Version,
    VersionId,
    VersionState,
)
from sessions.plan.requirements import (
    MAX_NAME_CHARACTERS,
    MAX_NOTE_CHARACTERS,
    require_id,
    require_text,
)

MAX_VERSIONS: Final = 500
MAX_BRANCHES: Final = 50
MAX_IMAGING: Final = 200

SIGNATURES_TO_APPROVE: Final = 2
"""Of two people: nobody approves their own plan alone."""


def save_version(plan: Plan, command: SaveVersion, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on keeping the branch as it is."""
    require_id(command.version_id, "version")
    require_text(command.name, "version's name", MAX_NAME_CHARACTERS)
    if command.description:
        require_text(command.description, "description", MAX_NOTE_CHARACTERS, "\n")
    if plan.source is None:
        raise RejectedCommandError("there is no case in this room yet; open one, then save it")
    version = Version(
        version_id=command.version_id,
        number=len(plan.versions) + 1,
        name=command.name,
        description=command.description,
        branch_id=plan.branch_id,
        content_hash=content_hash(plan),
        author_id=by,
        created_at=at,
        state=VersionState.DRAFT,
    )
    known = plan.versions.get(command.version_id)
    if known is not None:
        if _saved_as(known) == _saved_as(version):
            return ()
        raise RejectedCommandError("a version of that id exists already; use another id")
    if len(plan.versions) >= MAX_VERSIONS:
        raise RejectedCommandError(f"the room holds {MAX_VERSIONS} versions; open another room")
    newer = unconfirmed_imaging(plan)
    saved = VersionSaved(version=version)
    if newer is None:
        return (saved,)
    return (saved, VersionWentStale(version_id=version.version_id, imaging_id=newer.imaging_id))


def request_review(plan: Plan, command: RequestReview) -> tuple[PlanEvent, ...]:
    """Decide on asking for signatures."""
    version = _require_version(plan, command.version_id)
    if version.state is VersionState.IN_REVIEW:
        return ()
    if version.state is not VersionState.DRAFT:
        raise RejectedCommandError(
            f"{label_of(version)} is {words_of(version.state)}; save the plan as a new version "
            "and have that reviewed"
        )
    return (ReviewRequested(version_id=version.version_id),)


def return_to_draft(plan: Plan, command: ReturnToDraft) -> tuple[PlanEvent, ...]:
    """Decide on taking a version out of review."""
    version = _require_version(plan, command.version_id)
    require_text(command.reason, "reason", MAX_NOTE_CHARACTERS, "\n")
    if version.state is VersionState.DRAFT:
        return ()
    if version.state is not VersionState.IN_REVIEW:
        raise RejectedCommandError(
            f"{label_of(version)} is {words_of(version.state)}; only a version in review goes back"
        )
    return (ReturnedToDraft(version_id=version.version_id, reason=command.reason),)


def sign_version(plan: Plan, command: SignVersion, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a signature; the second person's approves, and supersedes what was approved."""
    version = _require_version(plan, command.version_id)
    if command.content_hash != version.content_hash:
        raise RejectedCommandError(
            f"{label_of(version)} is not what you looked at; look at it again, then sign"
        )
    if any(it.member_id == by for it in version.signatures):
        return ()
    if version.state is not VersionState.IN_REVIEW:
        raise RejectedCommandError(
            f"{label_of(version)} is {words_of(version.state)}; only a version in review is signed"
        )
    member = plan.members[by]
    if any(_spoken(it.name) == _spoken(member.name) for it in version.signatures):
        raise RejectedCommandError(
            f"{member.name} has signed {label_of(version)} already; a second person has to"
        )
    signature = Signature(
        member_id=by,
        name=member.name,
        role=member.role,
        content_hash=version.content_hash,
        at=at,
    )
    signed = VersionSigned(version_id=version.version_id, signature=signature)
    if len(version.signatures) + 1 < SIGNATURES_TO_APPROVE:
        return (signed,)
    superseded = tuple(
        VersionSuperseded(version_id=other.version_id, by_version_id=version.version_id)
        for other in plan.versions.values()
        if other.state is VersionState.APPROVED
    )
    return (signed, VersionApproved(version_id=version.version_id), *superseded)


def open_branch(plan: Plan, command: OpenBranch, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a new line."""
    require_id(command.branch_id, "branch")
    require_text(command.name, "branch's name", MAX_NAME_CHARACTERS)
    version = _require_version(plan, command.version_id)
    known = plan.branches.get(command.branch_id)
    if known is not None or command.branch_id == MAIN:
        if known is not None and (known.name, known.from_version_id, known.author_id) == (
            command.name,
            command.version_id,
            by,
        ):
            return ()
        raise RejectedCommandError("a branch of that id exists already; use another id")
    if len(plan.branches) >= MAX_BRANCHES:
        raise RejectedCommandError(f"the room holds {MAX_BRANCHES} branches; open another room")
    branch = Branch(
        branch_id=command.branch_id,
        name=command.name,
        from_version_id=version.version_id,
        author_id=by,
        created_at=at,
    )
    return (BranchOpened(branch=branch),)


def receive_imaging(plan: Plan, command: ReceiveImaging) -> tuple[PlanEvent, ...]:
    """Decide on newer images: every version that still counts is stale from now on."""
    imaging = command.imaging
    require_id(imaging.imaging_id, "imaging")
    known = plan.imaging.get(imaging.imaging_id)
    if known is not None:
        if known.source == imaging.source:
            return ()
        raise RejectedCommandError("images of that id were received already; use another id")
    if len(plan.imaging) >= MAX_IMAGING:
        raise RejectedCommandError(f"the room has had images {MAX_IMAGING} times; open another one")
    stale = tuple(
        VersionWentStale(version_id=version.version_id, imaging_id=imaging.imaging_id)
        for version in plan.versions.values()
        if version.state in {VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED}
    )
    return (ImagingReceived(imaging=imaging), *stale)


def confirm_imaging(plan: Plan, command: ConfirmImaging, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide that the plan was checked; versions saved from now on are not stale by these."""
    imaging = plan.imaging.get(command.imaging_id)
    if imaging is None:
        raise RejectedCommandError("there are no such images in this room")
    if imaging.confirmed_by is not None:
        return ()
    return (ImagingConfirmed(imaging_id=imaging.imaging_id, member_id=by),)


def unconfirmed_imaging(plan: Plan) -> Imaging | None:
    """Return the newest images that nobody has checked the plan against, or None."""
    waiting = [it for it in plan.imaging.values() if it.confirmed_by is None]
    return max(waiting, key=lambda it: (it.received_at, it.imaging_id), default=None)


def label_of(version: Version) -> str:
    """Return what people call a version, for example "v3 (posterior approach)"."""
    return f"v{version.number} ({version.name})"


def words_of(state: VersionState) -> str:
    """Return a state for a sentence."""
    return state.value.replace("_", " ")


def _saved_as(version: Version) -> tuple[object, ...]:
    """Return what a repeat of saving a version has in common with it."""
    wording = (version.name, version.description)
    return (*wording, version.branch_id, version.author_id, version.content_hash)


def _spoken(name: str) -> str:
    """Return a name as it sounds: two members of one name may be one person on two devices."""
    return " ".join(name.split()).casefold()


def _require_version(plan: Plan, version_id: VersionId) -> Version:
    version = plan.versions.get(version_id)
    if version is None:
        raise RejectedCommandError("there is no such version in this room; save one first")
    return version
