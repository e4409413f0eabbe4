// Bundle the front end into ../static/explorer.js and ../static/explorer.css. Run: npm ci && npm run build
import { build } from "esbuild";

await build({
  entryPoints: { explorer: "src/main.tsx" },
  outdir: "../static",
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  // browsers since 2020: what offices with old machines run
  target: ["chrome80", "firefox78", "safari14"],
  supported: { destructuring: true }, // those have it; esbuild withholds it for a fault in corners not used here
  jsx: "automatic",
  jsxImportSource: "preact",
  alias: { react: "preact/compat", "react-dom": "preact/compat" },
  define: { "process.env.NODE_ENV": '"production"', __DEV__: "false" },
  legalComments: "inline",
  logLevel: "warning",
});
