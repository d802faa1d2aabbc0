"""A plan with a tick for "approved", and an export with the name left out."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class NaivePlan:
    """What was approved, and may be edited."""

    notes: list[str] = field(default_factory=list)
    approved_by: str = ""

    def approve(self, who: str) -> None:
        """Tick the box."""
        self.approved_by = who

    def edit(self, text: str) -> None:
        """Change the plan."""
        self.notes.append(text)


def naive_deidentified(record: dict[str, Any]) -> str:
    """Return a record to give away: without the patient's name."""
    return json.dumps({**record, "PatientName": "ANONYMOUS"})
