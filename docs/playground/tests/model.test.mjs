// Models that people bring, and every kind of question.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { playground, says, text } from "./browser.mjs";

let play;
before(async () => {
  play = await playground();
});
after(() => play.close());

/** Every scale, with a rule and other bands. */
const OWN = `
schema = "value-model/1"
id = "own"
version = "7"
title = "Our own <img src=x onerror=alert(1)>"
[bands]
cuts = [30, 60, 90]
names = ["poor", "fair", "good", "great"]
[[rules]]
id = "no_plan"
title = "No plan: at most 40"
when = { equals = { measure = "plan", unit = 0 } }
then = { cap = 0.4 }
[tree]
id = "all"
min_coverage = 0.1
${[
  ["plan", `{ levels = { none = 0, draft = 0.5, agreed = 1, "not needed" = "not_applicable" } }`],
  ["stars", "{ likert = { min = 1, max = 5 } }"],
  ["days", "{ linear = { worst = 30, best = 10 } }"],
  ["ratio", "{ linear_bounded = { worst = 0, best = 2 } }"],
  ["percentage", `"percent"`],
  ["goal", "{ progress = { baseline = 0.12, target = 0.10 } }"],
  ["rollout", "{ pace = { baseline = 0, target = 400, start = 2026-01-01, due = 2026-12-31 } }"],
  ["seats", `"growth"`],
  ["tickets", "{ peer = { cohort = [2, 4, 4, 9, 15] } }"],
  ["hours", "{ points = [{ at = 0, unit = 1 }, { at = 10, unit = 0.6 }, { at = 100, unit = 0 }] }"],
  ["issues", "{ steps = { below = 1, steps = [{ from = 1, unit = 0.8 }, { from = 5, unit = 0.2 }] } }"],
  ["confirmed", "{ within = { days = 90 } }"],
  ["documented", `"yes_no"`],
]
  .map(([id, scale]) => `[[tree.children]]\nid = "${id}"\nscale = ${scale}\n`)
  .join("")}`;

async function paste(page, model) {
  if (!(await page.locator("#editor").getAttribute("open").then((open) => open !== null))) await page.click("#editor summary");
  await page.fill("#model-text", model);
  await page.click("#model-use");
}

test("a misspelt field is refused with field and nearest name, and the model before stays", async () => {
  const page = await play.page();
  await paste(page, `schema = "value-model/1"\nid = "x"\nversoin = "1"\n`);
  await page.waitForSelector("#model-refusal");
  assert.match(await text(page, "#model-refusal"), /`versoin` is not a known field; did you mean `version`\? \(line 3, column 11\).*\(unknown_field, versoin\)/);
  await says(page, "#score", "65.0");
  await paste(page, `{"schema": "value-model/1"`);
  await page.waitForFunction(() => /this is not JSON/.test(document.querySelector("#model-refusal")?.textContent ?? ""));
  assert.deepEqual(page.troubles, []);
});

test("a model of one's own has a control for every scale, and its text is only text", async () => {
  const page = await play.page();
  await paste(page, OWN);
  await page.waitForSelector("#question-plan");
  assert.match(await text(page, "#model-about"), /Our own <img src=x onerror=alert\(1\)>/);
  assert.equal(await page.locator("img").count(), 0);
  await says(page, "#score", "no score");
  const numbers = { stars: "4", days: "15", ratio: "1.5", percentage: "80", goal: "0.11", rollout: "300", tickets: "4", hours: "5", issues: "2" };
  for (const [id, value] of Object.entries(numbers)) await page.fill(`#question-${id} input[type=number]`, value);
  await page.fill("#question-seats [aria-label=now]", "90");
  await page.fill("#question-seats [aria-label='one period before']", "60");
  await page.fill("#question-confirmed input[type=date]", "2026-09-15");
  await page.click("#question-documented label:has-text('Yes')");
  await page.selectOption("#question-plan select", "=agreed");
  const counted = await page.locator(".counts").allTextContents();
  // plan, stars, days, ratio, percentage, goal, rollout, seats, tickets, hours, issues, confirmed, documented: SPEC's scales by hand.
  assert.deepEqual(counted, ["100%", "75%", "75%", "75%", "80%", "50%", "90%", "75%", "40%", "80%", "80%", "100%", "100%"].map((share) => `counts as ${share}`));
  await page.selectOption("#question-plan select", "=none");
  await says(page, "#score", "40.0");
  await says(page, "#band", "◆ fair");
  assert.match(await text(page, "#points .rule"), /No plan: at most 40/);
  await page.selectOption("#question-plan select", "=not needed");
  await says(page, "#coverage", "100%");
  await page.fill("#question-stars input[type=number]", "4.5");
  await page.waitForSelector("#refusal");
  assert.deepEqual(page.troubles, []);
});

test("a JSON model is opened from a file; a warning of the linter is shown", async () => {
  const page = await play.page();
  const children = [0, 1].map((weight) => ({ id: `measure_${weight}`, weight, scale: "unit" }));
  const model = { schema: "value-model/1", id: "mine", version: "1", title: "Mine", tree: { id: "all", children } };
  await page.click("#editor summary");
  await page.setInputFiles("#model-file", { name: "mine.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(model)) });
  await page.waitForSelector("#question-measure_1");
  assert.match(await text(page, "#model-said"), /probably not meant/);
  await page.fill("#question-measure_1 input[type=number]", "0.25");
  await says(page, "#score", "25.0");
  await says(page, "#band", "▼ at risk");
  assert.match(await page.inputValue("#model-text"), /id = "mine"/);
});
