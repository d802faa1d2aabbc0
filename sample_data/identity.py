"""Identifiers that follow from what they name: no clock and no chance."""

import uuid
from typing import Final

NAMESPACE: Final = uuid.UUID("5d0cfd5c-6a0e-5f0b-9a55-3f1c1b6f5a10")
"""Chosen once; a new one would rename every phantom."""


def uid_of(*parts: object) -> str:
    """Return the unique identifier of whatever the parts describe.

    References
    ----------
    DICOM PS3.5, B.2, UUID derived UID.
    """
    return f"2.25.{uuid.uuid5(NAMESPACE, '/'.join(map(str, parts))).int}"
