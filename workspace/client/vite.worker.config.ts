import { copyFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { thirdParty } from "./third_party";

/** Put the decoder next to the worker that loads it. */
function decoder(): Plugin {
  return {
    name: "draco-decoder",
    closeBundle() {
      copyFileSync("node_modules/draco3d/draco_decoder.wasm", "dist/draco_decoder.wasm");
    },
  };
}

export default defineConfig({
  plugins: [decoder(), thirdParty("THIRD_PARTY_worker.txt")],
  resolve: { alias: { fs: "/src/worker/no_files.ts", path: "/src/worker/no_files.ts" } },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/worker/surface_worker.ts",
      name: "commissure_surface_worker",
      formats: ["iife"],
      fileName: () => "commissure_surface_worker.js",
    },
  },
});
