"""All that a member gets of a room's images: volumes, slices, what was measured, a thumbnail."""

from aiohttp import web

from workspace.imagery.shelf import VolumeShelf
from workspace.server.hosting import Hosting
from workspace.server.image_access import IMAGE_DESK, ImageDesk
from workspace.server.measurement_routes import add_measurement_routes
from workspace.server.slice_routes import add_slice_routes
from workspace.server.thumbnail_routes import add_thumbnail_routes
from workspace.server.volume_routes import add_volume_routes


def add_image_routes(application: web.Application, hosting: Hosting, member: str) -> None:
    """Add what is below a member's page, and what it needs."""
    images = ImageDesk(VolumeShelf(hosting.data))
    application[IMAGE_DESK] = images
    application.on_cleanup.append(images.close)
    add_volume_routes(application.router, member)
    add_slice_routes(application.router, member)
    add_measurement_routes(application.router, member)
    add_thumbnail_routes(application.router, member)
