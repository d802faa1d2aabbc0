"""The peer of the page: a stock trame page that shows the same surfaces in a VtkLocalView.

Started by `benchmarks.first_picture` with ``opacity:path`` of each; tells its address in one line.
"""

import json
import sys
from pathlib import Path
from typing import Any

from segmentation.surface.encoding import from_blob
from segmentation.surface.polydata import polydata_of


def scene_of(surfaces: list[tuple[float, Path]]) -> tuple[Any, int]:
    """Return a render window with the surfaces in it, and how many triangles they have."""
    from vtkmodules import vtkRenderingOpenGL2  # noqa: F401 (brings the window's class)
    from vtkmodules.vtkRenderingCore import (
        vtkActor,
        vtkPolyDataMapper,
        vtkRenderer,
        vtkRenderWindow,
    )

    renderer, window, triangles = vtkRenderer(), vtkRenderWindow(), 0
    window.SetOffScreenRendering(1)
    window.AddRenderer(renderer)
    for opacity, path in surfaces:
        surface = from_blob(path.read_bytes())
        triangles += len(surface.triangles)
        mapper, actor = vtkPolyDataMapper(), vtkActor()
        mapper.SetInputData(polydata_of(surface))
        actor.SetMapper(mapper)
        actor.GetProperty().SetOpacity(opacity)
        renderer.AddActor(actor)
    renderer.ResetCamera()
    return window, triangles


def serve(surfaces: list[tuple[float, Path]]) -> None:
    """Serve the page until stopped."""
    from trame.app import get_server
    from trame.ui.vuetify3 import SinglePageLayout
    from trame.widgets import vtk, vuetify3

    window, triangles = scene_of(surfaces)
    server = get_server(client_type="vue3")
    with SinglePageLayout(server) as layout:
        layout.title.set_text("Surfaces")
        with layout.content, vuetify3.VContainer(fluid=True, classes="pa-0 fill-height"):
            vtk.VtkLocalView(window)

    @server.controller.add("on_server_ready")  # type: ignore[untyped-decorator]
    def tell(**_: object) -> None:
        ready = {"url": f"http://127.0.0.1:{server.port}", "triangles": triangles}
        print(json.dumps(ready), flush=True)

    sys.argv = sys.argv[:1]  # trame reads the rest as its own options
    server.start(
        port=0, host="127.0.0.1", open_browser=False, show_connection_info=False, timeout=0
    )


if __name__ == "__main__":
    named = [argument.partition(":") for argument in sys.argv[1:]]
    serve([(float(opacity), Path(path)) for opacity, _, path in named])
