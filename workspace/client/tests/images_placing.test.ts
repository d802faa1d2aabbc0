import { expect, it } from "vitest";
import { project, type Camera } from "../src/camera";
import { gridOf, worldAt } from "../src/images/grid";
import { rasterOf, snapped, viewBefore } from "../src/images/layer";
import { matrixOf } from "../src/images/placing";
import { pictureFrame, queryOf } from "../src/images/server_pictures";
import { nativeFrame } from "../src/images/slicing";
import { SLICE_VIEWS } from "../src/panes/pane";
import { add, dot, scale, subtract, type Vector } from "../src/vector";
import { AFFINES, SHAPE } from "./fields";

const size = { width: 300, height: 200 };
const cameraOf = (view: keyof typeof SLICE_VIEWS, focal: Vector): Camera => ({ ...SLICE_VIEWS[view], focal, half_height_mm: 15 });

it.each(Object.keys(AFFINES))("a slice of a grid that is %s is drawn with every voxel where it is in the pane", (name) => {
  const grid = gridOf(AFFINES[name], SHAPE);
  const camera = cameraOf("axial", worldAt(grid, [9, 8, 5.4]));
  const frame = nativeFrame(grid, { axis: 2, first: 5, last: 5 });
  const [a, b, c, d, e, f] = matrixOf(frame, camera, size);
  for (const [i, j] of [[0, 0], [7, 3], [21, 17]]) {
    // the middle of pixel (i, j) of the picture
    const [x, y] = [a * (i + 0.5) + c * (j + 0.5) + e, b * (i + 0.5) + d * (j + 0.5) + f];
    const [px, py] = project(camera, size, worldAt(grid, [i, j, 5]));
    expect(Math.hypot(x - px, y - py)).toBeLessThan(1e-9);
  }
});

it("the raster of an askew plane fills the pane and lies where the pane shows it", () => {
  const grid = gridOf(AFFINES.rotated, SHAPE);
  const camera = cameraOf("coronal", [1, 2, 3]);
  for (const frame of [rasterOf({ camera, size, slab: null }, grid), pictureFrame({ camera, size })]) {
    const middle = add(frame.origin, add(scale(frame.across, (frame.width - 1) / 2), scale(frame.down, (frame.height - 1) / 2)));
    subtract(middle, camera.focal).forEach((v) => expect(v).toBeCloseTo(0, 9));
    const [a, , , d, e, f] = matrixOf(frame, camera, size);
    for (const [covered, wanted] of [[a * frame.width, 300], [d * frame.height, 200]]) {
      expect(covered).toBeGreaterThan(wanted - 1e-6);
      expect(covered).toBeLessThan(wanted + 3);
    }
    expect(e).toBeLessThan(1e-6);
    expect(f).toBeLessThan(1e-6);
  }
});

it("the server is asked for the slice of voxels that would be drawn here", () => {
  const grid = gridOf(AFFINES["sheared by a tilted gantry"], SHAPE);
  const camera = cameraOf("axial", worldAt(grid, [9.2, 8.7, 5.4]));
  const view = snapped({ camera, size, slab: null }, grid);
  const normal = camera.direction;
  expect(dot(subtract(view.camera.focal, worldAt(grid, [3, 4, 5])), normal)).toBeCloseTo(0, 9);
  expect(dot(subtract(view.camera.focal, camera.focal), [1, 0, 0])).toBeCloseTo(0, 9);
  expect(dot(subtract(view.camera.focal, camera.focal), [0, 1, 0])).toBeCloseTo(0, 9);
  const query = queryOf("axial v1", view, { center: 40, width: 80 });
  expect(query.get("u")).toBe("1.000000,0.000000,0.000000");
  expect(query.get("v")!.split(",").map(Number)).toEqual([0, 1, 0]);
  expect(Number(query.get("mm")) * Number(query.get("height"))).toBeCloseTo(30, 4);
});

it("a registered volume is asked for in its own coordinates", () => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const matrix = [[c, -s, 0, 5], [s, c, 0, -2], [0, 0, 1, 9], [0, 0, 0, 1]];
  const there = { camera: cameraOf("sagittal", [3, 1, 2]), size, slab: null };
  const own = viewBefore(there, matrix).camera;
  const onward = ([x, y, z]: Vector, w: number) => [c * x - s * y + 5 * w, s * x + c * y - 2 * w, z + 9 * w];
  onward(own.focal, 1).forEach((v, n) => expect(v).toBeCloseTo(there.camera.focal[n], 9));
  onward(own.direction, 0).forEach((v, n) => expect(v).toBeCloseTo(there.camera.direction[n], 9));
  onward(own.up, 0).forEach((v, n) => expect(v).toBeCloseTo(there.camera.up[n], 9));
});
