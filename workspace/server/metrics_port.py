"""The metrics, on a port of their own: on loopback only, and not there unless asked for.

Behind a proxy every request of the main port seems to come from this machine, so that "loopback
clients only" would let anybody in there. A port that only this machine can reach cannot be
forgotten in the proxy's configuration.
"""

from typing import TYPE_CHECKING, Final

from aiohttp import web

from workspace.server.gauges import Gauges
from workspace.server.health import HEALTH, Health, show_live, show_ready

if TYPE_CHECKING:
    from workspace.server.hosting import Hosting

LOOPBACK: Final = "127.0.0.1"
OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost"})
TEXT_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"

_HOSTING: "Final[web.AppKey[Hosting]]" = web.AppKey("hosting_of_metrics")
_GAUGES: "Final[web.AppKey[Gauges]]" = web.AppKey("gauges")


def metrics_application(hosting: "Hosting", health: Health) -> web.Application:
    """Return an application that shows metrics and health, and nothing else."""
    application = web.Application()
    application[_HOSTING] = hosting
    application[_GAUGES] = Gauges(hosting, health)
    application[HEALTH] = health
    application.router.add_get("/metrics", _show_metrics)
    application.router.add_get("/health/live", show_live)
    application.router.add_get("/health/ready", show_ready)
    return application


async def _show_metrics(request: web.Request) -> web.Response:
    # A page elsewhere whose name was made to lead to this machine has another Host.
    if request.host.partition(":")[0] not in OWN_NAMES:
        raise web.HTTPForbidden(text="metrics are for this machine only")
    await request.app[_GAUGES].refresh()
    body = request.app[_HOSTING].metrics.text()
    return web.Response(body=body, headers={"Content-Type": TEXT_FORMAT})
