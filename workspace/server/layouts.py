"""The layout of a member's page, once for each language; members only fill in their state."""

from collections.abc import Mapping
from typing import Any

from workspace.panels.page import WRITABLE, page_template
from workspace.panels.words import ENGLISH, speaking
from workspace.server.member_server import MemberServer


class Layouts:
    """Lays pages out; the first of a language takes a tenth of a second, the others nothing."""

    def __init__(self) -> None:
        self._pattern = MemberServer("pattern", WRITABLE)
        self._made: dict[str, Mapping[str, Any]] = {}
        self.of(ENGLISH)
        self._pattern.start()

    def of(self, language: str) -> Mapping[str, Any]:
        """Return the state that makes any server's page of it, in a language."""
        if language not in self._made:
            with speaking(language):
                self._made[language] = page_template(self._pattern.trame)
        return self._made[language]

    @property
    def static_folders(self) -> Mapping[str, str]:
        """URL name -> folder of what every page loads."""
        return self._pattern.static_folders

    @property
    def trame_www(self) -> str:
        """Folder of trame's own client."""
        return self._pattern.www

    @property
    def scripts(self) -> tuple[str, ...]:
        """What every page loads once trame's client has its state; below the static path."""
        return tuple(self.of(ENGLISH)["trame__scripts"])
