"""The encrypted line: a certificate and its key, read again when they are renewed."""

import asyncio
import contextlib
import signal
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from workspace.errors import ServingError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM files."""

    chain: Path
    """The server's certificate, then those that lead to a known one."""
    key: Path


def tls_context(certificate: Certificate) -> ssl.SSLContext:
    """Return what encrypts the line: TLS 1.2 or later (RFC 9325, 3.1.1).

    Raises
    ------
    ServingError
        A file cannot be read, or the two do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, certificate)
    return context


@contextlib.contextmanager
def renewing(context: ssl.SSLContext, certificate: Certificate) -> Iterator[None]:
    """Read the files again at each SIGHUP, for lines that are opened from then on."""

    def renew() -> None:
        try:
            # Into a context of its own first: one that fails must not spoil the one in use.
            _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate)
            _load(context, certificate)
        except ServingError as error:
            log.warning("certificate.refused", reason=str(error))
        else:
            log.info("certificate.renewed")

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, renew)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    for path in (certificate.chain, certificate.key):
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            raise ServingError(
                f"{path} cannot be read ({(error.strerror or 'unknown').lower()}); give PEM files "
                "with --cert and --key"
            ) from error
    try:
        # An empty password: a key that needs one must not ask for it on the terminal.
        context.load_cert_chain(certificate.chain, certificate.key, password="")
    except ssl.SSLError as error:
        raise ServingError(_sentence(error, certificate)) from error


def _sentence(error: ssl.SSLError, certificate: Certificate) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return (
            f"{certificate.key} is not the key of the certificate in {certificate.chain}; give the "
            "two that were made together"
        )
    return (
        f"{certificate.chain} and {certificate.key} are no PEM certificate with a key that needs "
        "no password; convert them with openssl"
    )
