"""What the page is told of an upload."""

from typing import Any, Final

from workspace.server.import_desk import ImportDesk, Job
from workspace.uploading.upload import Upload

SHOWN: Final = 500
"""Rows of each kind; a hostile upload could have as many as it has files."""


def state_of(desk: ImportDesk, owner: str, upload: Upload) -> dict[str, Any]:
    """Return all of an upload that is still one."""
    job = desk.job_of(owner, upload.id)
    receiving = "received" if upload.is_complete else "receiving"
    state: dict[str, Any] = {
        "id": upload.id,
        "fingerprint": upload.promise.fingerprint,
        "files": upload.promise.files,
        "listed": upload.listed,
        "total_bytes": upload.promise.total_bytes,
        "offset": upload.offset,
        "stage": receiving if job is None else job.stage,
        "progress": None,
        "found": None,
        "error": None,
        "links": {},
    }
    if job is not None:
        label, done, total = job.progress
        state["progress"] = {"label": label, "done": done, "total": total}
        state["found"] = _found(job.found, str(upload.files)) if job.found else None
        state["error"] = _error(job, str(upload.files))
    return state


def room_of(upload_id: str, job: Job) -> dict[str, Any]:
    """Return what is left of an upload that has become a room."""
    return {
        "id": upload_id,
        "fingerprint": job.fingerprint,
        "stage": "ready",
        "links": job.links,
    }


def _error(job: Job, folder: str) -> dict[str, str] | None:
    if job.error is None:
        return None
    code, message = job.error
    return {"code": code, "message": _without(message, folder)}


def _found(found: dict[str, Any], folder: str) -> dict[str, Any]:
    """Return what the page shows of an inspection: no UIDs, no paths of this machine."""
    keys = ("id", "modality", "description", "shape_kji", "spacing_mm", "hu", "warnings")
    refused = found["refused"]
    skipped: dict[str, int] = {}
    for one in found["skipped"]:
        skipped[one["code"]] = skipped.get(one["code"], 0) + 1
    return {
        "volumes": [{key: volume[key] for key in keys} for volume in found["volumes"][:SHOWN]],
        "refused": [
            {
                "code": series["code"],
                "message": _without(series["message"], folder),
                "files": len(series["files"]),
            }
            for series in refused[:SHOWN]
        ],
        "skipped": skipped,
        "not_shown": max(0, len(found["volumes"]) - SHOWN) + max(0, len(refused) - SHOWN),
    }


def _without(message: str, folder: str) -> str:
    """Return a message without where the upload lies on the server."""
    return message.replace(f"{folder}/", "").replace(folder, "the upload")
