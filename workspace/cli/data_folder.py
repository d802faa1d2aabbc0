"""Where rooms and surfaces are kept unless somebody says otherwise."""

import os
from pathlib import Path


def default_data_folder() -> Path:
    """Return the user's data folder, by the XDG base directory specification."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "commissure"
