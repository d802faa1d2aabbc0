"""What a data folder is to keep, and for how long: ``retention.toml``. Without it, everything."""

from pathlib import Path
from typing import Annotated, Final

import msgspec

from workspace.errors import RetentionError

FILE_NAME: Final = "retention.toml"

Days = Annotated[int, msgspec.Meta(ge=1)]


class RoomRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rooms that nobody works in."""

    archive_after_days: Days | None = None
    """Without an entry for so long: to a bundle in ``archive/``, and out of serving."""
    purge_deleted_after_days: Days | None = None
    """Deleted by their owner so long ago: gone for good."""


class UploadRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Uploads that became no room."""

    delete_after_days: Days | None = None


class SurfaceRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Surfaces that no database names any more."""

    delete_after_days: Days | None = None
    """Found unnamed twice, so many days apart."""


class AccessRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Invitations, cookies and sessions that let nobody in any more."""

    delete_after_days: Days | None = None


class AuditRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trail, of which nothing is ever deleted."""

    seal_after_days: Days | None = None
    """Older entries are also written to ``audit-segments/``."""


class RetentionRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    rooms: RoomRules = RoomRules()
    uploads: UploadRules = UploadRules()
    surfaces: SurfaceRules = SurfaceRules()
    access: AccessRules = AccessRules()
    audit: AuditRules = AuditRules()


def rules_of(data: Path) -> RetentionRules:
    """Return the rules of a data folder.

    Raises
    ------
    RetentionError
        The file says something that is no rule.
    """
    try:
        return msgspec.toml.decode((data / FILE_NAME).read_bytes(), type=RetentionRules)
    except FileNotFoundError:
        return RetentionRules()
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise RetentionError(f"{FILE_NAME}: {error}; nothing was done") from error
