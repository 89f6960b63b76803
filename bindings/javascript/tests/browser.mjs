// The package in a real browser: `node browser.mjs PACKAGE BUNDLE VECTORS...`.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

import { chromium } from "playwright-core";

const [folder, bundle, vectors, here] = process.argv.slice(2);
const ROOTS = { package: folder, bundle, vectors, tests: here };
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

const server = createServer(async (request, response) => {
  const [, root, ...rest] = new URL(request.url, "http://x").pathname.split("/");
  const path = normalize(rest.join("/") || "index.html");
  if (root === "empty") return response.setHeader("content-type", "text/html").end("<!doctype html><title>empty</title>");
  try {
    const bytes = await readFile(join(ROOTS[root], path));
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));

  await page.goto(`${origin}/bundle/index.html`);
  await page.waitForFunction(() => document.title !== "waiting");
  assert.equal(await page.title(), "nps 40", "a page that Vite has built");

  await page.goto(`${origin}/empty/`);
  const files = readdirSync(vectors).filter((name) => name.endsWith(".json") && name !== "catalog.json");
  const [count, wrong] = await page.evaluate(async (files) => {
    const vm = await import("/package/index.js");
    const { wrong } = await import("/tests/vectors.mjs");
    await vm.init();
    const all = [];
    let count = 0;
    for (const name of files) {
      const { formula, cases } = await (await fetch(`/vectors/${name}`)).json();
      for (const vector of cases) {
        const problem = wrong(vm, formula, vector);
        if (problem) all.push(`${formula}: ${vector.name}: ${problem}`);
        count += 1;
      }
    }
    return [count, all];
  }, files);
  assert.deepEqual(wrong, []);
  assert.ok(count > 600, `only ${count} vectors`);

  const told = await page.evaluate(async () => {
    const vm = await import("/package/index.js");
    const { WorkerScorer } = await import("/package/worker.js");
    const rows = 300_000;
    const table = { full_usage: Float64Array.from({ length: rows }, (_, row) => (row % 11) / 10), experience: new Float64Array(rows) };
    const options = { as_of: "2026-11-01" };
    const direct = new vm.Scorer("value-realization").scoreColumns(table, options);
    const worker = new WorkerScorer("value-realization");
    let progress = 0;
    const aside = await worker.scoreColumns(table, { ...options, onProgress: () => (progress += 1) });
    const same = Object.keys(direct.columns).every((name) => direct.columns[name].every((value, row) => Object.is(value, aside.columns[name][row])));
    const stop = new AbortController();
    const stopped = worker.scoreColumns(table, { ...options, signal: stop.signal, onProgress: () => stop.abort() }).then(() => "done", (error) => error.name);
    const refused = await worker.scoreColumns(table, { as_of: "never" }).catch((error) => `${error.name} ${error.code}`);
    const scale = { progress: { baseline: 0, target: 50 } };
    const model = { schema: "value-model/1", id: "seats", version: "1", title: "Seats", tree: { id: "health", title: "Health", children: [{ id: "seats", title: "Seats", scale }] } };
    const flagging = new WorkerScorer(model);
    const flagged = await flagging.scoreColumns({ seats: Float64Array.of(-5, 5) }, { ...options, flags: true });
    flagging.free();
    const regressed = [flagged.flags.includes("seats_regressed"), flagged.row(0).seats_regressed, flagged.row(1).seats_regressed];
    const said = [same, ...regressed, progress > 0, aside.row(0).outcome, await stopped, refused];
    worker.free();
    return said;
  });
  assert.deepEqual(told, [true, true, true, false, true, "insufficient", "AbortError", "ValueModelError invalid_date"]);
  assert.deepEqual(problems, []);
  console.log(`${count} vectors, a bundled page and a worker in Chromium ${browser.version()}`);
} finally {
  await browser.close();
  server.close();
}
