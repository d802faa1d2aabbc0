// What the browser can draw with.

export type Graphics = "hardware" | "software" | "none";

/** Names that browsers give to drawing on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let found: Graphics | null = null;

/** Look anew: a context that was lost may be back. */
export function graphicsOf(): Graphics {
  found = lookedAt();
  return found;
}

function lookedAt(): Graphics {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "none";
  const named = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return SOFTWARE.test(name) ? "software" : "hardware";
}

/**
 * How canvases for lines and slices are to be made. Without a graphics processor a browser draws
 * even these by way of WebGL in software, unless it is told that they will be read: a move of the
 * pointer then takes ten times as long.
 */
export function flatCanvas(): CanvasRenderingContext2DSettings {
  return { willReadFrequently: (found ?? graphicsOf()) !== "hardware" };
}
