import { defineConfig } from "vite";
import { thirdParty } from "./third_party";

// The import page stands alone: no Vue and no trame, so that its policy needs no unsafe-eval.
export default defineConfig({
  plugins: [thirdParty("THIRD_PARTY_import.txt")],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/importing/main.ts",
      formats: ["es"],
      fileName: () => "commissure_import.js",
      cssFileName: "commissure_import",
    },
  },
});
