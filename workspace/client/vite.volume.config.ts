import { defineConfig } from "vite";
import { thirdParty } from "./third_party";

export default defineConfig({
  plugins: [thirdParty("THIRD_PARTY_volume.txt")],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/worker/volume_worker.ts",
      name: "commissure_volume_worker",
      formats: ["iife"],
      fileName: () => "commissure_volume_worker.js",
    },
  },
});
