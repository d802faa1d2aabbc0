"""From the plan view to the rows about people: talk, versions, branches, locks."""

from collections.abc import Mapping
from typing import Any

from sessions.plan.records import MAIN
from sessions.plan.view import View

Row = dict[str, Any]


def chat_rows(view: View) -> list[Row]:
    """Return what was said to the room, in order."""
    return [_message(row) for row in view["chat"].values()]


def version_rows(view: View) -> list[Row]:
    """Return the versions, the latest first."""
    return [_version(view, row) for row in reversed(view["versions"].values())]


def imaging_rows(view: View) -> list[Row]:
    """Return what newer images there are."""
    return [_imaging(row) for row in view["imaging"].values()]


def lock_rows(view: View) -> dict[str, Row]:
    """Return who has locked which record."""
    return {key: _lock(row) for key, row in view["locks"].items()}


def status_row(view: View) -> Row:
    """Return what is said of the branch on every screen."""
    return _status(view["status"]["status"])


def moment(at: str) -> str:
    """Return the day, hours and minutes (UTC) of an ISO 8601 time.

    Examples
    --------
    >>> moment("2026-01-02T03:04:05.678Z")
    '2026-01-02 03:04 UTC'
    """
    return f"{at[:10]} {at[11:16]} UTC" if len(at) > len("2026-01-01T00:00") else at


def thread_rows(view: View) -> list[Row]:
    """Return open threads first, the latest said on top."""
    rows = [_thread(row) for row in view["threads"].values()]
    rows.sort(key=lambda row: str(row["last_at"]), reverse=True)
    return sorted(rows, key=lambda row: bool(row["resolved"]))


def _thread(row: Mapping[str, Any]) -> Row:
    comments = row["comments"]
    return {
        "id": row["thread_id"],
        "subject": row["subject"],
        "on": _on(row),
        "pinned": row["world_mm"] is not None,
        "resolved": row["resolved_by"] is not None,
        "resolved_by": row["resolved_by_name"],
        "colour": comments[0]["colour"] if comments else "#93a0b4",
        "comments": [_comment(it) for it in comments],
        "last_at": max((it["created_at"] for it in comments), default=""),
    }


def _on(row: Mapping[str, Any]) -> list[str]:
    """Return the ids of what a thread is about: a record, or what carries its point."""
    about = row["about"]
    if about["type"] == "record":
        return [about["ref"]["record_id"]]
    return [about["anchor"]["solid_id"], *([row["leaf_id"]] if row["leaf_id"] else [])]


def _comment(row: Mapping[str, Any]) -> Row:
    return {
        "id": row["comment_id"],
        "author_id": row["author_id"],
        "who": row["author_name"],
        "colour": row["colour"],
        "at": moment(row["created_at"]),
        "edited": row["edited_at"] is not None,
        "gone": not row["text"],
        "text": row["text"],
        "mentions": row["mentions"],
    }


def _message(row: Mapping[str, Any]) -> Row:
    return {
        "id": row["message_id"],
        "author_id": row["author_id"],
        "who": row["author_name"],
        "colour": row["colour"],
        "at": moment(row["created_at"]),
        "text": row["text"],
        "mentions": row["mentions"],
    }


def _version(view: View, row: Mapping[str, Any]) -> Row:
    return {
        "id": row["version_id"],
        "number": row["number"],
        "name": row["name"],
        "label": row["label"],
        "description": row["description"],
        "branch_id": row["branch_id"],
        "branch": row["branch_name"],
        "who": row["author_name"],
        "colour": row["colour"],
        "at": moment(row["created_at"]),
        "state": row["state"],
        "hash": row["content_hash"],
        "signed_by": [it["member_id"] for it in row["signatures"]],
        "signatures": [_signature(view, it) for it in row["signatures"]],
    }


def _signature(view: View, row: Mapping[str, Any]) -> Row:
    member = view["members"].get(row["member_id"])
    return {
        "who": row["name"],
        "role": row["role"],
        "at": moment(row["at"]),
        "colour": member["colour"] if member else "#93a0b4",
    }


def branch_rows(view: View) -> list[Row]:
    """Return the branches, the main one first."""
    versions = view["versions"]
    rows = [{"id": MAIN, "name": MAIN, "who": "", "from": ""}]
    for row in view["branches"].values():
        origin = versions.get(row["from_version_id"])
        rows.append(
            {
                "id": row["branch_id"],
                "name": row["name"],
                "who": row["author_name"],
                "from": origin["label"] if origin else row["from_version_id"],
            }
        )
    return rows


def _imaging(row: Mapping[str, Any]) -> Row:
    source = row["source"]
    parts = (source["modality"], source["description"], source["acquired_on"])
    return {
        "id": row["imaging_id"],
        "text": " · ".join(part for part in parts if part),
        "received": moment(row["received_at"]),
        "confirmed_by": row["confirmed_by_name"],
    }


def _lock(row: Mapping[str, Any]) -> Row:
    return {"member_id": row["member_id"], "who": row["member_name"], "at": moment(row["at"])}


def _status(row: Mapping[str, Any]) -> Row:
    return {
        "branch_id": row["branch_id"],
        "branch": row["branch_name"],
        "state": row["state"],
        "label": row["label"],
        "version_id": row["version_id"],
        "newer": row["newer_imaging"],
    }
