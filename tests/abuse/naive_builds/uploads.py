"""A folder of uploads that a site hands out again."""

from pathlib import Path

from aiohttp import web


def site_with_uploads(folder: Path) -> web.Application:
    """Return a site that serves a folder, as every framework offers it in one line."""
    application = web.Application()
    application.router.add_static("/uploads", folder)
    return application
