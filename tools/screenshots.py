"""Make the pictures of docs/screenshots anew: those that the browser tests take of every screen.

Usage: python -m tools.screenshots          runs the browser tests, then converts their pictures
       python -m tools.screenshots convert  only converts those of the last run
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from PIL import Image

from tests.end_to_end.pictures import SCREENSHOTS
from tools.screenshot_list import PICTURES

REPOSITORY: Final = Path(__file__).resolve().parents[1]
DOCS: Final = REPOSITORY / "docs" / "screenshots"

LARGEST_BYTES: Final = 250_000
QUALITIES: Final = (82, 74, 66, 58, 50)
"""The first that makes a picture small enough is taken."""

HEAD: Final = """# Every screen

Pictures of the browser tests, in which three members work in one room on the phantom; `make
screenshots` makes them anew. The phantom is computed, its patients do not exist.
"""


def take() -> int:
    """Run the browser tests, which leave a picture of each screen behind."""
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", "browser", "tests/end_to_end"]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode  # noqa: S603  # ours


def convert(source: Path, target: Path) -> None:
    """Write a picture as JPEG, as good as its size allows."""
    with Image.open(source) as picture:
        for quality in QUALITIES:
            picture.convert("RGB").save(target, "JPEG", quality=quality, optimize=True)
            if target.stat().st_size <= LARGEST_BYTES:
                return


def write() -> tuple[list[str], list[str]]:
    """Convert all pictures and list them; return which are missing, and which have no line."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for old in DOCS.glob("*.jpg"):
        if old.stem not in PICTURES:
            old.unlink()
    there = {path.stem for path in SCREENSHOTS.glob("*.png") if not path.stem.startswith("failed-")}
    lines = [HEAD]
    for name, line in PICTURES.items():
        if name in there:
            convert(SCREENSHOTS / f"{name}.png", DOCS / f"{name}.jpg")
        if (DOCS / f"{name}.jpg").is_file():
            lines.append(f"**{line}**\n\n![{line}]({name}.jpg)\n")
    (DOCS / "README.md").write_text("\n".join(lines), "utf-8")
    return sorted(PICTURES.keys() - there), sorted(there - PICTURES.keys())


def main() -> int:
    """Take and convert; 1 where a test failed or a picture is missing."""
    code = 0 if sys.argv[1:] == ["convert"] else take()
    missing, unlisted = write()
    for name in missing:
        sys.stderr.write(f"no test took a picture {name}\n")
    for name in unlisted:
        sys.stderr.write(f"{name} has no line in tools/screenshot_list.py\n")
    return 1 if code or missing else 0


if __name__ == "__main__":
    sys.exit(main())
