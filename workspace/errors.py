"""Errors of the workspace.

::

    WorkspaceError
    ├── PlanningError            geometry that cannot be: a plane that misses, an open surface
    ├── BundleError              a file that is no room bundle, or a damaged one
    ├── MisuseError              arguments that do not go together; exit 2
    └── ServingError             the server cannot start: port in use, no such data folder
"""


class WorkspaceError(Exception):
    """Say in one sentence what was found and what to do."""


class PlanningError(WorkspaceError):
    """The geometry asked for cannot be."""


class BundleError(WorkspaceError):
    """A file is no room bundle, or it is damaged."""


class MisuseError(WorkspaceError):
    """Arguments do not go together."""


class ServingError(WorkspaceError):
    """The server cannot start."""
