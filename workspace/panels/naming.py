"""Words for the values that a plan knows by a code: states, owners, roles, kinds."""

from workspace.panels.words import t


def owners() -> dict[str, str]:
    """Return whose structure something can be."""
    return {
        "A": t("Twin A"),
        "B": t("Twin B"),
        "shared": t("Shared"),
        "undecided": t("Undecided"),
    }


def statuses() -> dict[str, str]:
    """Return how far a segment can have come."""
    return {
        "not_started": t("Not started"),
        "in_progress": t("In progress"),
        "completed": t("Completed"),
        "flagged": t("Flagged"),
    }


STATUS_ICONS = {
    "not_started": "mdi-circle-outline",
    "in_progress": "mdi-circle-half-full",
    "completed": "mdi-check-circle-outline",
    "flagged": "mdi-flag-outline",
}


def version_states() -> dict[str, str]:
    """Return how far a version can have come."""
    return {
        "draft": t("Draft"),
        "in_review": t("In review"),
        "approved": t("Approved"),
        "superseded": t("Superseded"),
        "stale": t("Stale"),
    }


def roles() -> dict[str, str]:
    """Return what a member can be."""
    return {
        "owner": t("owner"),
        "surgeon": t("surgeon"),
        "radiologist": t("radiologist"),
        "trainee": t("trainee"),
        "observer": t("observer"),
        "patient": t("patient"),
    }


def powers() -> dict[str, str]:
    """Return what each role may do, the one that is given most often first."""
    return {
        "surgeon": t("Surgeon: plans: notes, measures, cuts, moves, signs"),
        "radiologist": t("Radiologist: prepares the model: segments, notes, measures"),
        "trainee": t("Trainee: notes, measures, proposes planes; cuts nothing"),
        "observer": t("Observer: sees everything, changes nothing"),
        "patient": t("Patient: sees the anatomy and the plan, not what is said about it"),
        "owner": t("Owner: plans, and decides who is in the room"),
    }


def figures() -> dict[str, str]:
    """Return what the figures of a measurement are called."""
    return {
        "length": t("Length"),
        "distance": t("Distance"),
        "angle": t("Angle"),
        "area": t("Area"),
        "perimeter": t("Perimeter"),
        "volume": t("Volume"),
        "mean": t("Mean"),
        "sd": t("Standard deviation"),
        "minimum": t("Minimum"),
        "maximum": t("Maximum"),
        "voxels": t("Voxels"),
    }
