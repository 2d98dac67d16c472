import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";
import { lean } from "./lean.ts";

const server = process.env["TENDESKS_DEV_SERVER"] ?? "http://127.0.0.1:8000";

const isElement = (name: string) => name === "element";

export default defineConfig({
  plugins: [preact(), lean()],
  build: {
    outDir: "../server/web",
    emptyOutDir: true,
    // The content policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    // The room comes in one piece, most of it three; the budget of the first load is kept by a test.
    chunkSizeWarningLimit: 700,
    target: "es2022",
    rolldownOptions: {
      input: { main: "index.html", element: "src/element.ts" },
      // Other people's pages name the script of the element, so its name holds no hash.
      output: {
        entryFileNames: ({ name }) => (isElement(name) ? "element.js" : "assets/[name]-[hash].js"),
        // They may also name it as a plain script, whose names would be everybody's.
        banner: ({ name }) => (isElement(name) ? "(() => {" : ""),
        footer: ({ name }) => (isElement(name) ? "})();" : ""),
      },
    },
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
