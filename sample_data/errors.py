"""Errors of sample_data.

::

    PhantomError
    └── OccupiedFolderError      the folder to write into holds something already
"""


class PhantomError(Exception):
    """Say in one sentence what was found and what to do."""


class OccupiedFolderError(PhantomError):
    """The folder to write into is no empty folder."""
