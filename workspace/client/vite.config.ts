import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { thirdParty } from "./third_party";

// Fixed names and no maps: the built files are committed, and a rebuild must give the same bytes.
export default defineConfig({
  plugins: [vue(), thirdParty("THIRD_PARTY_client.txt")],
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    reportCompressedSize: false,
    lib: {
      entry: "src/index.ts",
      name: "commissure_client",
      formats: ["umd"],
      fileName: () => "commissure_client.umd.js",
      cssFileName: "commissure_client",
    },
    rollupOptions: {
      external: ["vue"],
      output: { globals: { vue: "Vue" } },
    },
  },
});
