// A table: dropped, scored, sorted, filtered, downloaded, cancelled; and a large one that does not hold up the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DIST, playground, says, text } from "./browser.mjs";

let play;
before(async () => {
  play = await playground();
});
after(() => play.close());

const HEADER = "account,executive_confirmation,full_usage,goals_documented,metrics_documented,metrics_progressing,reviewed_internally,experience,financial,change_management,emotional,learning,opportunity";
// README's acme, written in the ways that a spreadsheet may write it.
const TABLE = `${HEADER},csm\r
acme,2026-09-15,0.8,yes,0.5,0.75,2026-06-30,0.25,0.75,0.5,0,0.25,0.5,ann\r
"bob ""the"" builder, inc",2026-09-15,8e-1,TRUE,.5,0.75,2026-10-31,0.25,0.75,0.5,0,0.25,0.5,"a
b"\r
\r
=cmd(),2026-09-15,1.5,yes,0.5,0.75,2026-06-30,0.25,0.75,0.5,0,0.25,0.5,<b>x</b>\r
nobody,,,,,,,,,,,,,\r
late,2026-12-15,0.8,no,0.5,0.75,,1,1,1,1,1,1,bob\r
low,,0.1,no,0,0,2026-01-01,1,1,1,1,1,1,bob\r
short,1\r
`;

/** Drops a file as a person would. */
async function drop(page, name, content) {
  await page.evaluate(
    ([name, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], name, { type: "text/csv" }));
      for (const type of ["dragenter", "dragover", "drop"]) {
        document.querySelector("#drop").dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    [name, content],
  );
}

const rows = (page) => page.locator("#rows tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test("a dropped table is scored; bad rows say why and stop nobody", async () => {
  const page = await play.page();
  await drop(page, "accounts.csv", TABLE);
  await page.waitForSelector("#rows tbody tr");
  const shown = await rows(page);
  const heads = await page.locator("#rows thead th").evaluateAll((cells) => cells.map((cell) => cell.textContent));
  assert.deepEqual(heads, ["Account", "Score", "Band", "Perceived value", "Perceived costs (cost)", "Lower", "Upper", "Answered", "Remark"]);
  assert.deepEqual(shown[0].slice(0, 8), ["acme", "65.0", "◆ watch", "67.5", "37.5", "65.0", "65.0", "100%"]);
  assert.deepEqual(shown[1].slice(0, 3), ['bob "the" builder, inc', "73.3", "◆ watch"]);
  assert.match(shown[2][8], /^line 6: `answers\.full_usage` is 1\.5, allowed is a number from 0 to 1 \(outside_scale\)$/);
  assert.deepEqual(shown[3].slice(0, 9), ["nobody", "–", "", "–", "–", "0.0", "100.0", "0%", "too little is answered for a score"]);
  assert.match(shown[4][8], /after_as_of/);
  assert.match(shown[6][8], /the row has 2 fields, the header has 14 \(ragged_row\)/);
  assert.match(await text(page, "#table-notes"), /Not used: csm/);
  const bands = await page.locator("#distribution tbody tr").evaluateAll((rows) => rows.map((row) => row.cells[1].textContent));
  assert.deepEqual(bands, ["1", "2", "0", "1", "3"]);
  assert.equal(await page.locator("#distribution svg[role=img]").count(), 1);
  assert.deepEqual(page.troubles, []);
});

test("the table sorts both ways, filters, and opens an account above", async () => {
  const page = await play.page();
  await drop(page, "accounts.csv", TABLE);
  await page.waitForSelector("#rows tbody tr");
  await page.click("[data-sort=score]");
  assert.deepEqual((await rows(page)).slice(0, 3).map(([name]) => name), ["low", "acme", 'bob "the" builder, inc']);
  assert.equal(await page.getAttribute("th:has([data-sort=score])", "aria-sort"), "ascending");
  await page.click("[data-sort=score]");
  assert.equal((await rows(page))[0][0], 'bob "the" builder, inc');
  assert.equal((await rows(page)).at(-1)[1], "–");
  // A group's column: the account with the least costs first, those without a score last both ways.
  const costs = async () => {
    await page.click("[data-sort='group costs_cost']");
    return (await rows(page)).map((cells) => cells[4]);
  };
  assert.deepEqual(await costs(), ["37.5", "37.5", "100.0", "–", "–", "–", "–"]);
  assert.deepEqual(await costs(), ["100.0", "37.5", "37.5", "–", "–", "–", "–"]);
  await page.selectOption("#table-show", "refused");
  assert.equal((await rows(page)).length, 3);
  await page.selectOption("#table-show", "all");
  // Another model in between: the account brings back the one that scored it.
  await page.selectOption("#preset", "value-generated");
  await says(page, "#score", "66.2");
  await page.click("#rows button:has-text('builder')");
  await says(page, "#score", "73.3");
  assert.equal(await page.inputValue("#preset"), "value-realization");
  assert.equal(await page.inputValue("#account-name"), 'bob "the" builder, inc');
  assert.equal(await page.evaluate(() => document.activeElement.id), "questions-heading");
});

test("results are downloaded, refused rows with code and message", async () => {
  const page = await play.page();
  await drop(page, "accounts.csv", TABLE);
  await page.waitForSelector("#rows tbody tr");
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  assert.equal(saved.suggestedFilename(), "accounts-scores.csv");
  const lines = (await readFile(await saved.path(), "utf8")).split("\n");
  assert.equal(lines[0], "account,line,score,band,coverage,lower,upper,value,costs,costs_cost,outcome,code,field,message");
  // The bits of the published vectors, not the digits of the screen.
  assert.equal(lines[1], "acme,2,64.99999999999999,watch,1,64.99999999999999,64.99999999999999,67.5,62.5,37.5,scored,,,");
  assert.match(lines[2], /^"bob ""the"" builder, inc",3,73\.33333333333\d+,watch,1,/);
  // What a spreadsheet would run is made a text.
  assert.match(lines[3], /^'=cmd\(\),6,,,,,,,,,refused,outside_scale,answers\.full_usage,"?`answers\.full_usage` is 1\.5/);
  const [template] = await Promise.all([page.waitForEvent("download"), page.click("#template")]);
  assert.equal(await readFile(await template.path(), "utf8"), `${HEADER}\n`);
});

test("a byte order mark, semicolons and a nameless row", async () => {
  const page = await play.page();
  const lines = TABLE.split("\r\n");
  await drop(page, "semicolons.csv", `\uFEFF${[HEADER, lines[1].replace(/,ann$/, ""), lines[1].replace(/^acme(.*),ann$/, "$1")].join("\n").replaceAll(",", ";")}`);
  await page.waitForSelector("#rows tbody tr");
  const [acme, nameless] = await rows(page);
  assert.deepEqual(acme.slice(0, 3), ["acme", "65.0", "◆ watch"]);
  assert.equal(nameless[0], "line 3");
  assert.match(nameless[8], /`account`/);
});

test("a table that cannot be read says what to do", async () => {
  const page = await play.page();
  for (const [content, wanted] of [
    ["account,full_usag\na,1\n", /no column has the name of a measure .* did you mean `full_usage`/],
    ["", /empty/],
    ["account,full_usage,full_usage\n", /the header holds `full_usage` twice/],
    [`${HEADER}\n"acme,1`, /quote that opens on line 2 is never closed/],
  ]) {
    await drop(page, "odd.csv", content);
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#table-problem")?.textContent ?? ""), wanted.source);
  }
  await page.setInputFiles("#csv", { name: "latin.csv", mimeType: "text/csv", buffer: Buffer.from([...Buffer.from(HEADER), 10, 0xe4, 0xff]) });
  await page.waitForFunction(() => /UTF-8/.test(document.querySelector("#table-problem")?.textContent ?? ""));
  assert.deepEqual(page.troubles, []);
});

/** The text of a large table: every hundredth row cannot be scored. */
function large(count) {
  const lines = [HEADER];
  for (let row = 0; row < count; row++) {
    const share = (row % 101) / 100;
    const usage = row % 100 === 99 ? 7 : share;
    lines.push(`account ${row},2026-09-15,${usage},${row % 2 ? "yes" : "no"},0.5,${share},2026-06-30,0.25,${share},0.5,${row % 3 ? 0 : ""},0.25,0.5`);
  }
  return lines.join("\n");
}

/** Watches how long the page is held up, from now on. */
function watchFrames(page) {
  return page.evaluate(() => {
    window.longest = 0;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
      window.ticking = setTimeout(tick, 5);
    };
    tick();
  });
}

test("100,000 rows are scored while the page goes on", async (t) => {
  const page = await play.page();
  const buffer = Buffer.from(large(100_000));
  await page.setInputFiles("#csv", { name: "warm.csv", mimeType: "text/csv", buffer: Buffer.from(large(100)) });
  await page.waitForSelector("#rows tbody tr");
  await watchFrames(page);
  await page.setInputFiles("#csv", { name: "large.csv", mimeType: "text/csv", buffer });
  await page.waitForSelector("#table-progress");
  await page.evaluate(() => (window.longest = 0));
  await page.fill("#question-full_usage input[type=number]", "1");
  await says(page, "#score", "66.7");
  await page.waitForFunction(() => /100,000 rows/.test(document.querySelector("#table-summary")?.textContent ?? ""), null, { timeout: 120_000 });
  const longest = await page.evaluate(() => window.longest);
  t.diagnostic(`${await text(page, "#table-summary")} The page was held up for at most ${Math.round(longest)} ms.`);
  assert.equal(await text(page, "#distribution tbody tr:last-child td"), "1,000");
  // Two cores that others use too; frozen would be the seconds that the scoring takes.
  assert.ok(longest < 1500, `held up for ${longest} ms`);
  assert.deepEqual(page.troubles, []);
});

test("a run is cancelled and leaves nothing", async () => {
  const page = await play.page();
  await page.setInputFiles("#csv", { name: "large.csv", mimeType: "text/csv", buffer: Buffer.from(large(150_000)) });
  await page.click("#cancel");
  await page.waitForFunction(() => /cancelled, nothing was kept/.test(document.querySelector("#table-problem")?.textContent ?? ""));
  assert.equal(await page.locator("#rows").count(), 0);
  assert.deepEqual(page.troubles, []);
});

test("the page works from a folder, without any server", async () => {
  const page = await play.page({ url: pathToFileURL(`${DIST}index.html`).href });
  await says(page, "#score", "65.0");
  await drop(page, "accounts.csv", TABLE);
  await page.waitForSelector("#rows tbody tr");
  assert.equal((await rows(page))[0][1], "65.0");
  await page.click("#rows button:has-text('builder')");
  await says(page, "#score", "73.3");
  await drop(page, "large.csv", large(20_000));
  await page.waitForFunction(() => /20,000 rows/.test(document.querySelector("#table-summary")?.textContent ?? ""), null, { timeout: 60_000 });
  assert.deepEqual(page.troubles, []);
});
