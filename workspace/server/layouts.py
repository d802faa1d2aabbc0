"""The layout of a member's page, once for each language; members only fill in their state.

What a page is laid out from is as large as all else that its panels are sent, and the same for
everybody: it is a script of its own, which browsers keep.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workspace.panels.page import TEMPLATE, WRITABLE, page_template
from workspace.panels.words import ENGLISH, speaking
from workspace.server.member_server import MemberServer

NAME_LETTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """What makes the pages of one language."""

    state: Mapping[str, Any]
    """Of any member's trame server."""

    @property
    def scripts(self) -> tuple[str, ...]:
        """What every page loads once trame's client has its state; below the static path."""
        return tuple(self.state["trame__scripts"])


class Layouts:
    """Lays pages out; the first of a language takes a tenth of a second, the others nothing."""

    def __init__(self) -> None:
        self._pattern = MemberServer("pattern", WRITABLE)
        self._made: dict[str, Layout] = {}
        self._files: dict[str, bytes] = {}
        self.of(ENGLISH)
        self._pattern.start()

    def of(self, language: str) -> Layout:
        """Return the layout of the pages in a language."""
        if language not in self._made:
            with speaking(language):
                state = page_template(self._pattern.trame)
            template = json.dumps(state.pop(TEMPLATE))
            script = f"window.commissureTemplate = {template};".encode()
            name = f"layouts/{hashlib.sha256(script).hexdigest()[:NAME_LETTERS]}.js"
            self._files[name] = script
            scripts = [*state["trame__scripts"], name]
            self._made[language] = Layout({**state, "trame__scripts": scripts})
        return self._made[language]

    @property
    def files(self) -> Mapping[str, bytes]:
        """Path below the static one -> a script that the pages laid out so far load."""
        return self._files

    @property
    def static_folders(self) -> Mapping[str, str]:
        """URL name -> folder of what every page loads."""
        return self._pattern.static_folders

    @property
    def trame_www(self) -> str:
        """Folder of trame's own client."""
        return self._pattern.www
