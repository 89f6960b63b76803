// A static server on loopback, a real Chromium, and a page that is watched: its console, errors and requests.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Serves the built page as any server of static files would. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = join(DIST, path === "/" ? "index.html" : path);
    const known = file.startsWith(DIST) && (await stat(file).catch(() => null))?.isFile();
    response.writeHead(known ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    if (known) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Everything that a test file needs: `page(options)` opens a watched page, `close()` ends it all. */
export async function playground() {
  const server = await serve();
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const base = `http://127.0.0.1:${server.address().port}/`;
  const contexts = [];
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  return {
    base,
    async page({ path = "", url = base + path, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", acceptDownloads: true, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.troubles = watched(page, base);
      await page.goto(url);
      await page.waitForSelector("#main[aria-busy=false]");
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      server.close();
    },
  };
}

/** What must not happen on a page: messages of trouble, and requests to anybody but the server of the page. */
function watched(page, base) {
  const troubles = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => troubles.push(`failed: ${request.url()}`));
  page.context().on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(blob|file):/.test(request.url())) troubles.push(`request: ${request.url()}`);
  });
  return troubles;
}

/** The text of an element. */
export async function text(page, selector) {
  return (await page.locator(selector).first().textContent()).trim();
}

/** Waits until an element says this. */
export async function says(page, selector, wanted) {
  await page.waitForFunction(
    ([selector, wanted]) => document.querySelector(selector)?.textContent.trim() === wanted,
    [selector, wanted],
    { timeout: 10_000 },
  ).catch(async () => {
    throw new Error(`${selector} says "${await page.locator(selector).first().textContent().catch(() => "(nothing)")}", wanted "${wanted}"`);
  });
}
