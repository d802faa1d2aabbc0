import { defineConfig } from "vite";
import { thirdParty } from "./third_party";

// The first page stands alone, as the import page does: no Vue and no trame.
export default defineConfig({
  plugins: [thirdParty("THIRD_PARTY_home.txt")],
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/home/main.ts",
      formats: ["es"],
      fileName: () => "commissure_home.js",
      cssFileName: "commissure_home",
    },
  },
});
