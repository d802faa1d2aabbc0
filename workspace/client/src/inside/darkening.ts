// One pass over the screen that darkens what lies behind an edge.

/** Two rings of neighbours: a fine line at the edge, and a soft shade around it. */
const RINGS_PX = [1.5, 6];
/** How dark a step of one pixel's size is. */
const STRENGTH = [0.055, 0.045];
/** A step of more pixels than this is as dark as can be. */
const STEEPEST = 14;

const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0), 0.0, 1.0);
}`;

/** Depths come in two bytes, as vtk.js's mappers write them where depth is asked for. */
const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D depths;
uniform float pixelsDeep;
out vec4 factor;

float depthAt(ivec2 at) {
  vec2 bytes = texelFetch(depths, clamp(at, ivec2(0), textureSize(depths, 0) - 1), 0).rg * 255.0;
  return (bytes.r * 256.0 + bytes.g) / 65535.0 * pixelsDeep;
}

float shade(ivec2 at, float here, float radius) {
  float sum = 0.0;
  for (int i = 0; i < 8; i += 1) {
    float angle = 0.7853981634 * float(i);
    float before = here - depthAt(at + ivec2(round(radius * vec2(cos(angle), sin(angle)))));
    sum += clamp(before / radius - 1.0, 0.0, ${STEEPEST.toFixed(1)});
  }
  return sum;
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  float here = depthAt(at);
  float dark = ${STRENGTH[0]} * shade(at, here, ${RINGS_PX[0].toFixed(1)}) + ${STRENGTH[1]} * shade(at, here, ${RINGS_PX[1].toFixed(1)});
  factor = vec4(vec3(max(exp(-dark), 0.25)), 1.0);
}`;

export class Darkening {
  private readonly program: WebGLProgram;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = linked(gl, VERTEX, FRAGMENT);
  }

  /** Darken the picture that is bound; all that vtk.js remembers of the context stays as it was. */
  draw(depths: WebGLTexture, rangeMm: number, mmPerPixel: number): void {
    const { gl } = this;
    const before = stateOf(gl);
    gl.useProgram(this.program);
    gl.bindVertexArray(null);
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    gl.bindTexture(gl.TEXTURE_2D, depths);
    gl.uniform1i(gl.getUniformLocation(this.program, "depths"), UNIT);
    gl.uniform1f(gl.getUniformLocation(this.program, "pixelsDeep"), rangeMm / mmPerPixel);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.CULL_FACE);
    gl.depthMask(false);
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.ZERO, gl.SRC_COLOR, gl.ZERO, gl.ONE);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindTexture(gl.TEXTURE_2D, null);
    restore(gl, before);
  }

  release(): void {
    this.gl.deleteProgram(this.program);
  }
}

/** The last one that every WebGL 2 has: vtk.js takes them from the first on. */
const UNIT = 15;

interface GlState {
  program: WebGLProgram | null;
  vertices: WebGLVertexArrayObject | null;
  unit: number;
  blended: [number, number, number, number];
  depthMask: boolean;
  on: [number, boolean][];
}

function stateOf(gl: WebGL2RenderingContext): GlState {
  return {
    program: gl.getParameter(gl.CURRENT_PROGRAM) as WebGLProgram | null,
    vertices: gl.getParameter(gl.VERTEX_ARRAY_BINDING) as WebGLVertexArrayObject | null,
    unit: gl.getParameter(gl.ACTIVE_TEXTURE) as number,
    blended: [gl.BLEND_SRC_RGB, gl.BLEND_DST_RGB, gl.BLEND_SRC_ALPHA, gl.BLEND_DST_ALPHA].map(
      (name) => gl.getParameter(name) as number,
    ) as GlState["blended"],
    depthMask: gl.getParameter(gl.DEPTH_WRITEMASK) as boolean,
    on: [gl.DEPTH_TEST, gl.CULL_FACE, gl.BLEND].map((name) => [name, gl.isEnabled(name)]),
  };
}

function restore(gl: WebGL2RenderingContext, { program, vertices, unit, blended, depthMask, on }: GlState): void {
  gl.useProgram(program);
  gl.bindVertexArray(vertices);
  gl.activeTexture(unit);
  gl.blendFuncSeparate(...blended);
  gl.depthMask(depthMask);
  for (const [name, enabled] of on) gl[enabled ? "enable" : "disable"](name);
}

function linked(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  return program;
}
