import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Put the decoder next to the worker that loads it. */
function decoder(): Plugin {
  return {
    name: "draco-decoder",
    closeBundle() {
      copyFileSync("node_modules/draco3d/draco_decoder.wasm", "dist/draco_decoder.wasm");
      const names = ["@kitware/vtk.js", "draco3d"];
      const licences = names.map((name) => {
        const { version, license } = JSON.parse(
          readFileSync(`node_modules/${name}/package.json`, "utf8"),
        );
        return `${name} ${version}: ${license}`;
      });
      writeFileSync("dist/THIRD_PARTY.txt", `${licences.join("\n")}\n`);
    },
  };
}

export default defineConfig({
  plugins: [decoder()],
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
