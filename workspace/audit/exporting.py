"""The forms in which the trail goes to others, and writing one of them whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from sessions.audit.records import AuditEntry
from workspace.audit.dicom_messages import messages, syslog_frames
from workspace.audit.fhir_events import bundle
from workspace.audit.tables import csv_lines, json_lines

Form = Callable[[Iterable[AuditEntry], str], Iterator[bytes]]

FORMS: Final[dict[str, Form]] = {
    "dicom": messages,
    "syslog": syslog_frames,
    "fhir": bundle,
    "jsonl": json_lines,
    "csv": csv_lines,
}
"""A name, and what makes pieces of a file from entries and the name of their source."""


def write_export(entries: Iterable[AuditEntry], form: str, out: Path, source: str) -> int:
    """Write entries in a form, and return how many there were.

    A file that was there is replaced when the new one is whole; it is for its owner only.

    Raises
    ------
    AuditError
        An entry is not as it was recorded; nothing was written.
    OSError
        The file cannot be written.
    """
    count = 0

    def counted() -> Iterator[AuditEntry]:
        nonlocal count
        for entry in entries:
            count += 1
            yield entry

    descriptor, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in FORMS[form](counted(), source):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count
