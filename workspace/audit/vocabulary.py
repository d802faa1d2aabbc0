"""What the kinds of entries are called in DICOM's terminology, PS3.16 CID 400 to 402 and 405.

DICOM and FHIR share these codes. Where DICOM has no word for it, the type says ours.
"""

from typing import Final, NamedTuple

from sessions.audit.records import Kind


class Code(NamedTuple):
    """A coded concept of the DCM terminology."""

    value: str
    meaning: str


class Meaning(NamedTuple):
    """What a kind of entry is to others."""

    event: Code
    action: str
    """C: create, R: read, U: update, D: delete, E: execute."""
    type: Code | None = None
    lifecycle: str = ""
    """Of the object: PS3.15 A.5.1.2.3."""


APPLICATION: Final = Code("110150", "Application")
DESTINATION: Final = Code("110152", "Destination Role ID")
SOURCE: Final = Code("110153", "Source Role ID")
DESTINATION_MEDIA: Final = Code("110154", "Destination Media")
SOURCE_MEDIA: Final = Code("110155", "Source Media")
URI: Final = Code("110037", "URI")

_ACTIVITY: Final = Code("110100", "Application Activity")
_LOG_USED: Final = Code("110101", "Audit Log Used")
_ACCESSED: Final = Code("110103", "DICOM Instances Accessed")
EXPORT: Final = Code("110106", "Export")
IMPORT: Final = Code("110107", "Import")
_ALERT: Final = Code("110113", "Security Alert")
AUTHENTICATION: Final = Code("110114", "User Authentication")

_START: Final = Code("110120", "Application Start")
_STOP: Final = Code("110121", "Application Stop")
_LOGIN: Final = Code("110122", "Login")
_LOGOUT: Final = Code("110123", "Logout")
_RESTRICTED: Final = Code("110132", "Use of Restricted Function")
_RECORDING_STOPPED: Final = Code("110133", "Audit Recording Stopped")
_RECORDING_STARTED: Final = Code("110134", "Audit Recording Started")
_OBJECT_SECURITY: Final = Code("110135", "Object Security Attributes Changed")
_ROLES: Final = Code("110136", "Security Roles Changed")
_USER_SECURITY: Final = Code("110137", "User Security Attributes Changed")

MEANINGS: Final[dict[Kind, Meaning]] = {
    Kind.OPENED: Meaning(_ACCESSED, "R", lifecycle="6"),
    Kind.LEFT: Meaning(_ACCESSED, "E", lifecycle="6"),
    Kind.SAW: Meaning(_ACCESSED, "R", lifecycle="6"),
    Kind.CHANGED: Meaning(_ACCESSED, "U", lifecycle="3"),
    Kind.REFUSED: Meaning(_ALERT, "E", _RESTRICTED),
    Kind.EXPORTED: Meaning(EXPORT, "R", lifecycle="10"),
    Kind.IMPORTED: Meaning(IMPORT, "C", lifecycle="2"),
    Kind.INVITED: Meaning(_ALERT, "C", _OBJECT_SECURITY),
    Kind.INVITATION_OPENED: Meaning(_ALERT, "E", _OBJECT_SECURITY),
    Kind.INVITATION_REVOKED: Meaning(_ALERT, "D", _OBJECT_SECURITY),
    Kind.JOINED: Meaning(_ALERT, "C", _USER_SECURITY),
    Kind.ROLE_CHANGED: Meaning(_ALERT, "U", _ROLES),
    Kind.MEMBER_REMOVED: Meaning(_ALERT, "D", _USER_SECURITY),
    Kind.SIGNED_IN: Meaning(AUTHENTICATION, "E", _LOGIN),
    Kind.SIGNED_OUT: Meaning(AUTHENTICATION, "E", _LOGOUT),
    Kind.SIGN_IN_REFUSED: Meaning(AUTHENTICATION, "E", _LOGIN),
    Kind.SECOND_FACTOR_REFUSED: Meaning(AUTHENTICATION, "E", _LOGIN),
    Kind.ACCOUNT_LOCKED: Meaning(_ALERT, "U", _USER_SECURITY),
    Kind.ACCOUNT_CHANGED: Meaning(_ALERT, "U", _USER_SECURITY),
    Kind.ROOM_ADOPTED: Meaning(_ALERT, "E", _RECORDING_STARTED),
    Kind.ROOM_REMOVED: Meaning(_ACCESSED, "D", lifecycle="15"),
    Kind.LOG_DISAGREES: Meaning(_ALERT, "E", _OBJECT_SECURITY),
    Kind.BACKED_UP: Meaning(EXPORT, "R", lifecycle="13"),
    Kind.RESTORED: Meaning(IMPORT, "C", lifecycle="2"),
    Kind.RETENTION_APPLIED: Meaning(_ACCESSED, "D", lifecycle="15"),
    Kind.AUDIT_EXPORTED: Meaning(_LOG_USED, "R"),
    Kind.AUDIT_INTERRUPTED: Meaning(_ALERT, "E", _RECORDING_STOPPED),
    Kind.SERVER_STARTED: Meaning(_ACTIVITY, "E", _START),
    Kind.SERVER_STOPPED: Meaning(_ACTIVITY, "E", _STOP),
}
