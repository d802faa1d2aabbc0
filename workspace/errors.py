"""Errors of the workspace.

::

    WorkspaceError
    ├── PlanningError            geometry that cannot be: a plane that misses, an open surface
    ├── BundleError              a file that is no room bundle, or a damaged one
    ├── BackupError              a backup that cannot be written, read or believed
    ├── AccountError             an account that cannot be made, found or changed
    ├── ProviderError            the provider of sign-ins cannot be asked, or says what is not so
    │   └── TokenError           it vouches for nobody
    ├── RetentionError           retention.toml says something that cannot be done
    ├── MisuseError              arguments that do not go together; exit 2
    ├── PictureError             a picture of a slice that cannot be drawn as asked for
    ├── UploadError              an upload, or a part of one, that is refused; has a code
    └── ServingError             the server cannot start: port in use, no such data folder
"""


class WorkspaceError(Exception):
    """Say in one sentence what was found and what to do."""


class PlanningError(WorkspaceError):
    """The geometry asked for cannot be."""


class BundleError(WorkspaceError):
    """A file is no room bundle, or it is damaged."""


class BackupError(WorkspaceError):
    """A backup cannot be written, read or believed."""


class RetentionError(WorkspaceError):
    """What is to be retained is not said clearly."""


class AccountError(WorkspaceError):
    """An account cannot be made, found or changed."""


class ProviderError(WorkspaceError):
    """The provider of sign-ins cannot be asked."""


class TokenError(ProviderError):
    """What the provider says of somebody is not to be believed."""


class MisuseError(WorkspaceError):
    """Arguments do not go together."""


class UploadError(WorkspaceError):
    """An upload, or a part of one, is refused.

    Parameters
    ----------
    message : str
        One sentence; never the name of a file.
    code : str
        Why, for programs.
    file : int, optional
        Which file of the uploader's list is meant.
    """

    def __init__(self, message: str, code: str = "", file: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.file = file


class PictureError(WorkspaceError):
    """A picture was asked for as none can be drawn."""


class ServingError(WorkspaceError):
    """The server cannot start."""
