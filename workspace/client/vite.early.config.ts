import { defineConfig } from "vite";

// A few hundred bytes that the page runs before anything else.
export default defineConfig({
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/early.ts",
      name: "commissure_early",
      formats: ["iife"],
      fileName: () => "commissure_early.js",
    },
  },
});
