// Builds the pages into bot/static: stable file names, nothing inline, nothing loaded from elsewhere.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/static/",
  resolve: {
    alias: [
      // The package's own entry for browsers is a UMD file, on which a module build fails.
      { find: /^@chatui\/core$/, replacement: "@chatui/core/es/index.js" },
      // React's API, Preact's size. Removing these lines switches to React.
      { find: "react/jsx-runtime", replacement: "preact/jsx-runtime" },
      { find: "react/jsx-dev-runtime", replacement: "preact/jsx-runtime" },
      { find: /^react-dom\/client$/, replacement: "preact/compat/client" },
      { find: /^react-dom$/, replacement: "preact/compat" },
      { find: /^react$/, replacement: "preact/compat" },
    ],
  },
  build: {
    outDir: process.env.HEYU_STATIC ?? here("../bot/static"),
    emptyOutDir: true,
    target: "es2019",
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rollupOptions: {
      input: { index: here("index.html"), verify: here("verify.html") },
      treeshake: { moduleSideEffects: (id) => !/@chatui\/core\/es|core-js/.test(id) },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
        codeSplitting: {
          groups: [
            {
              name: "shared",
              test: /node_modules\/(preact|@chatui|@babel|clsx)\/|\/web\/shared\/|chatui\.less|rolldown.runtime/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": "http://127.0.0.1:8000",
      "/cashier": "http://127.0.0.1:8000",
      "/socket.io": { target: "http://127.0.0.1:8000", ws: true },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
