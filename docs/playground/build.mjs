// Puts the page together in `dist`: its own files, the package for browsers, the chart library, and one script for
// opening the page from a folder. Run `cargo xtask web` first, or all of it with `cargo xtask playground`.

import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url);
const PACKAGE = "../../bindings/web/pkg/";

await rm(here("dist"), { recursive: true, force: true });
await mkdir(here("dist/vendor/"), { recursive: true });
for (const part of ["index.html", "start.js", "icon.svg", "css", "js"]) await cp(here(part), here(`dist/${part}`), { recursive: true });
await cp(here(PACKAGE), here("dist/value-model/"), { recursive: true });

const shared = { bundle: true, minify: true, target: "es2023", legalComments: "none", logLevel: "warning" };
const plot = { entryPoints: [here("plot.js").pathname], format: "esm", outfile: here("dist/vendor/plot.js").pathname };
const { metafile } = await build({ ...shared, ...plot, metafile: true });
await licences(metafile);
await build({
  ...shared,
  entryPoints: [here("dist/js/offline.js").pathname],
  format: "iife",
  loader: { ".wasm": "binary" },
  outfile: here("dist/offline.js").pathname,
  // Files beside the script are looked for only where there is a server.
  logOverride: { "empty-import-meta": "silent" },
});
await rm(here("dist/js/offline.js"));

/** The licences of everything that went into a file, by what the bundler says it read. */
async function licences({ inputs }) {
  const names = Object.keys(inputs).map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  for (const name of new Set(names.filter(Boolean))) {
    const files = await readdir(here(`node_modules/${name}/`));
    const licence = files.find((file) => /^licen[cs]e/i.test(file));
    if (!licence) throw new Error(`${name} has no licence file`);
    await cp(here(`node_modules/${name}/${licence}`), here(`dist/vendor/licences/${name.replace("/", "-")}.txt`));
  }
}
