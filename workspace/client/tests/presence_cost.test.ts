import { nextTick } from "vue";
import { expect, test, vi } from "vitest";
import type { Presence } from "../src/protocol";
import { benchOver } from "./benches";

const pointing = (x: number): Presence =>
  ({ cursor: { solid_id: null, point_mm: [x, 0, 0], pane: "axial" }, dragging: null, following: null }) as unknown as Presence;

test("another's pointer asks for no new picture of the anatomy, and for no answer", async () => {
  const bench = await benchOver({});
  bench.room.others.set("ben", pointing(0));
  await nextTick();
  const redraw = vi.spyOn(bench.stage, "redraw");
  const tell = vi.spyOn(bench.company, "tell");
  for (let x = 1; x < 5; x += 1) {
    bench.room.others.set("ben", pointing(x));
    await nextTick();
  }
  expect(redraw).not.toHaveBeenCalled();
  expect(tell).not.toHaveBeenCalled();
  bench.room.others.delete("ben");
  await nextTick();
  expect(redraw).toHaveBeenCalled();
});
