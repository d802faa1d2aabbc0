// Veils over bone: drawn from back to front with plain blending, after everything solid.
//
// vtk.js's own order-independent pass needs half-float targets, blends colours of different depth
// into one mean and takes four times as long in software (1.4 s instead of 0.35 s a frame). So it
// is used only where no order of whole veils is right, because they cross, and only by hardware.

import { dot, type Vector } from "./vector";

export interface Traversable {
  traverse(pass: unknown): void;
}

/** An actor's node, or another child of the renderer's. */
interface Child extends Traversable {
  getRenderable(): unknown;
}
export interface RendererNode extends Traversable {
  getChildren(): Child[];
}

const pass = (operation: string, traverseOperation: string) => ({
  getOperation: () => operation,
  getTraverseOperation: () => traverseOperation,
  getShaderReplacement: () => null,
  traverse: (): void => undefined,
  releaseGraphicsResources: (): void => undefined,
});

/** What vtk.js asks of a pass that draws a translucent actor, and of one that draws only its depth. */
export const COLOURS = pass("translucentPass", "traverseTranslucentPass");
const DEPTHS = pass("zBufferPass", "traverseZBufferPass");

/**
 * Draw translucent actors in the order in which the renderer holds them.
 *
 * Of those in `closed` only the wall next to the eye is seen: their triangles have no order, and
 * walls that are blended in any order look like dirt.
 */
export function drawVeils(gl: WebGL2RenderingContext, renderer: RendererNode, closed: ReadonlySet<unknown>): void {
  for (const child of renderer.getChildren()) {
    if (closed.has(child.getRenderable())) {
      gl.colorMask(false, false, false, false);
      child.traverse(DEPTHS);
      gl.colorMask(true, true, true, true);
    }
    child.traverse(COLOURS);
  }
}

export interface Veil {
  key: string;
  /** World: xmin, xmax, ymin, ymax, zmin, zmax. */
  bounds: number[];
  /** A sheet that bounds the ghost with this key; the ghost lies against the sheet's normal. */
  beside?: { ghost: string; normal: Vector };
  /** A plane of the plan: so thin a veil that its order is hardly seen. */
  sheet?: boolean;
}

/** How far the nearest corner of a box is along the view; nested veils order well by it. */
export function nearestDepth(bounds: number[], direction: Vector): number {
  return [0, 1, 2].reduce(
    (sum, axis) => sum + direction[axis] * bounds[2 * axis + (direction[axis] > 0 ? 0 : 1)],
    0,
  );
}

/** Return the keys, the one to draw first in front. */
export function backToFront(veils: Veil[], direction: Vector): string[] {
  const depths = new Map(veils.map(({ key, bounds }) => [key, nearestDepth(bounds, direction)]));
  const depthOf = ({ key, beside }: Veil): number => {
    const ghost = beside && depths.get(beside.ghost);
    if (!beside || ghost === undefined) return depths.get(key) ?? 0;
    // One looks through the ghost at the sheet, or the other way round.
    return ghost + (dot(beside.normal, direction) > 0 ? 1e-3 : -1e-3);
  };
  return [...veils].sort((a, b) => depthOf(b) - depthOf(a)).map(({ key }) => key);
}

/** Whether two veils reach into one another, neither of them lying within the other. */
export function cross(veils: Veil[]): boolean {
  const solid = veils.filter(({ beside, sheet }) => !beside && !sheet);
  return solid.some((a, i) => solid.slice(i + 1).some((b) => overlap(a.bounds, b.bounds) && !holds(a, b) && !holds(b, a)));
}

/** Boxes that only touch, as those of two pieces of one bone do, do not overlap. */
const TOUCHING_MM = 1;

const overlap = (a: number[], b: number[]): boolean =>
  [0, 2, 4].every((i) => Math.min(a[i + 1], b[i + 1]) - Math.max(a[i], b[i]) > TOUCHING_MM);

const holds = ({ bounds: a }: Veil, { bounds: b }: Veil): boolean =>
  [0, 2, 4].every((i) => a[i] <= b[i] && b[i + 1] <= a[i + 1]);
