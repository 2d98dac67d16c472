import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

const server = process.env["TENDESKS_DEV_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: "../server/web",
    emptyOutDir: true,
    // The content policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    // The room comes in one piece, most of it three; the budget of the first load is kept by a test.
    chunkSizeWarningLimit: 700,
    target: "es2022",
  },
  server: {
    host: "127.0.0.1",
    // The models stand beside the web client.
    fs: { allow: [".."] },
    proxy: { "/api": server, "/live": { target: server, ws: true } },
  },
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    // Files that need a document name happy-dom in their first line.
    environment: "node",
  },
});
