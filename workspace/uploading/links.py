"""Import links: who has one may send images.

As with invitations, a token is 256 random bits, and only its SHA-256 is stored. It is stored at
all, with an expiry, because an upload outlives the server's process: a link that died with the
process could not finish what it began.
"""

import contextlib
import hmac
import secrets
from datetime import datetime
from pathlib import Path

from sessions.invitations import TOKEN_BYTES, hash_of
from workspace.errors import UploadError
from workspace.uploading.shelf import Clock, utc_now


class ImportLinks:
    """The import links of a data folder: a file for each, named by its hash, with its expiry.

    Parameters
    ----------
    folder : Path
        Made with the first link.
    clock : callable
        Returns the time.
    """

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._clock = clock

    def create(self, expires_at: datetime) -> str:
        """Return the token of a new link; it can never be read again."""
        self._remove_expired()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / hash_of(token)).write_text(expires_at.isoformat())
        return token

    def require(self, token: str) -> datetime:
        """Return when a link ends.

        Raises
        ------
        UploadError
            ``"not_signed_in"``: there is no such link, or it has ended.
        """
        wanted = hash_of(token)
        ends = None
        for known, expires_at in self._all().items():
            if hmac.compare_digest(known, wanted):
                ends = expires_at
        if ends is None or ends <= self._clock():
            raise UploadError(
                "this import link is unknown or has run out; ask whoever runs the server for a "
                "new one",
                "not_signed_in",
            )
        return ends

    def _all(self) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                with contextlib.suppress(ValueError, OSError):
                    found[path.name] = datetime.fromisoformat(path.read_text())
        return found

    def _remove_expired(self) -> None:
        now = self._clock()
        for name, expires_at in self._all().items():
            if expires_at <= now:
                (self._folder / name).unlink(missing_ok=True)
