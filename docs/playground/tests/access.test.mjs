// For everybody: the keyboard alone, a narrow phone, the dark, screen readers, and no request to anybody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { playground, says, text } from "./browser.mjs";

let play;
before(async () => {
  play = await playground();
});
after(() => play.close());

/** Presses Tab until the element that is wanted has the focus; fails when it cannot be reached. */
async function tabTo(page, selector, key = "Tab") {
  for (let pressed = 0; pressed < 150; pressed++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} cannot be reached by ${key}`);
}

test("everything can be done with the keyboard alone", async () => {
  const page = await play.page();
  await tabTo(page, "#preset");
  await tabTo(page, "#question-full_usage input[type=range]");
  await page.keyboard.press("End");
  await says(page, "#score", "66.7");
  await tabTo(page, "#question-goals_documented input[type=radio]");
  await page.keyboard.press("ArrowRight");
  await says(page, "#score", "58.3");
  await page.keyboard.press("ArrowLeft");
  await says(page, "#score", "66.7");
  await tabTo(page, "#share");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#link:not([hidden])");
  await tabTo(page, "#next button");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement.closest("#question-reviewed_internally") !== null));
  await tabTo(page, "#keep");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#back");
  assert.equal(await page.evaluate(() => document.activeElement.id), "keep");
  await tabTo(page, "#example-table");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#rows tbody tr");
  await tabTo(page, "[data-sort=score]");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("th:has([data-sort=score])", "aria-sort"), "ascending");
  await tabTo(page, "#rows tbody button");
  await page.keyboard.press("Enter");
  await says(page, "#headline-heading", "delta freight");
  assert.deepEqual(page.troubles, []);
});

for (const [name, options] of [
  ["a phone 360 pixels wide", { viewport: { width: 360, height: 740 } }],
  ["a phone in the dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }],
  ["a small tablet", { viewport: { width: 768, height: 1024 } }],
]) {
  test(`${name} shows all of it without scrolling sideways`, async () => {
    const page = await play.page(options);
    const fits = async (when) => {
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= room, `${when}: ${wide} of ${room} pixels`);
    };
    await fits("at first");
    for (const id of ["perceived-value", "value-generated", "customer-value", "customers-metric", "value-realization"]) {
      await page.selectOption("#preset", id);
      await page.waitForTimeout(100);
      await fits(id);
    }
    for (const summary of await page.locator("summary").all()) await summary.click();
    await page.click("#keep");
    await page.click("#question-full_usage label:has-text('Not answered')");
    await page.click("#share");
    await page.click("#example-table");
    await page.waitForSelector("#rows tbody tr");
    await fits("with everything open");
    // The score stays in view where the questions are.
    await page.locator("#question-opportunity").scrollIntoViewIfNeeded();
    assert.ok((await page.locator("#score").boundingBox()).y >= 0);
    assert.deepEqual(page.troubles, []);
  });
}

test("long names and many bands fit on a phone", async () => {
  const page = await play.page({ viewport: { width: 360, height: 740 } });
  const long = "a_name_that_never_ends".repeat(4);
  const children = [1, 2].map((place) => ({ id: `${long}_${place}`, question: long, scale: { levels: { [long]: 1, none: 0 } } }));
  const bands = { cuts: [10, 20, 30, 90, 95], names: ["first", "second", "third", "the_broad_one", "fifth", "sixth"] };
  const model = { schema: "value-model/1", id: long, version: "1", title: long, bands, tree: { id: "all", children } };
  await page.click("#editor summary");
  await page.fill("#model-text", JSON.stringify(model));
  await page.click("#model-use");
  await page.selectOption(`#question-${long}_1 select`, `=${long}`);
  await says(page, "#score", "100.0");
  await page.selectOption(`#question-${long}_2 select`, "=none");
  await says(page, "#band", "◆ the broad one");
  await page.fill("#account-name", long);
  await page.click("#keep");
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= room, `${wide} of ${room} pixels`);
  const named = await page.locator("#headline svg").evaluate((svg) => [...svg.querySelectorAll("text")].map((it) => it.textContent));
  assert.ok(named.includes("◆ the broad one") && named.includes("▼"), named.join("|"));
  assert.deepEqual(page.troubles, []);
});

test("on a wide screen the score stays beside the questions", async () => {
  const page = await play.page();
  await page.locator("#question-opportunity").scrollIntoViewIfNeeded();
  await page.locator("#question-opportunity input[type=range]").focus();
  const box = await page.locator("#score").boundingBox();
  assert.ok(box.y >= 0 && box.y < 200, `the score is at ${box.y}`);
});

/** The contrast of two colours by WCAG, from `rgb(…)` texts. */
function contrast(one, other) {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

for (const colorScheme of ["light", "dark"]) {
  test(`text can be read in the ${colorScheme}`, async () => {
    const page = await play.page({ colorScheme });
    const colours = await page.evaluate(() => {
      const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
      const card = of(".card", "backgroundColor");
      const texts = ["#score", ".about", ".counts", "#keep", ".guide summary", ".ends", "#next .link"].map((selector) => [selector, of(selector, "color"), card]);
      return [...texts, ["a choice", of(".choice input:checked + span", "color"), of(".choice input:checked + span", "backgroundColor")]];
    });
    for (const [what, ink, paper] of colours) assert.ok(contrast(ink, paper) >= 4.5, `${what}: ${contrast(ink, paper).toFixed(2)}`);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(contrast(paper, "rgb(255, 255, 255)") > 10, colorScheme === "dark");
  });
}

test("a screen reader finds names, headings, headers and the score as it changes", async () => {
  const page = await play.page();
  await page.click("#keep");
  await page.click("#example-table");
  await page.waitForSelector("#rows tbody tr");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input, select, textarea, button, meter, progress")]
      .filter((element) => element.closest("[aria-hidden=true]") === null && element.closest("[hidden]") === null)
      .filter((element) => {
        const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
        const named = by.length > 0 && by.every((id) => document.getElementById(id)?.textContent.trim());
        return !(named || element.ariaLabel || element.labels?.[0]?.textContent.trim() || element.textContent.trim());
      })
      .map((element) => element.outerHTML),
  );
  assert.deepEqual(nameless, []);
  const levels = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1])));
  assert.equal(levels[0], 1);
  levels.slice(1).forEach((level, place) => assert.ok(level <= levels[place] + 1, `heading ${place + 1} jumps to ${level}`));
  const bare = await page.evaluate(() => [...document.querySelectorAll("th:not([scope]), table:not(:has(caption)), svg:not([aria-label])")].filter((it) => !it.closest("svg svg")).map((it) => it.outerHTML.slice(0, 80)));
  assert.deepEqual(bare, []);
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
  });
  assert.deepEqual(twice, []);
  await page.fill("#question-full_usage input[type=number]", "1");
  await says(page, "#live", "acme: score 66.7 of 100, watch; bounds 66.7 to 66.7; 100% answered.");
  assert.deepEqual(page.troubles, []);
});

test("bands are told apart without colour", async () => {
  const page = await play.page();
  const named = await page.locator("#headline svg").evaluate((svg) => [...svg.querySelectorAll("text")].map((it) => it.textContent));
  for (const name of ["▼ at risk", "◆ watch", "▲ healthy"]) assert.ok(named.includes(name), named.join("|"));
});

test("nothing is loaded from elsewhere, and the policy forbids it", async () => {
  const page = await play.page();
  const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /https?:|unsafe-inline|'unsafe-eval'|\*/);
  const tried = await page.evaluate(() => fetch("https://example.com/").then(() => "went out", () => "refused"));
  assert.equal(tried, "refused");
  assert.ok(page.troubles.length > 0 && page.troubles.every((trouble) => /Content Security Policy|example\.com/.test(trouble)), page.troubles.join("\n"));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  assert.match(await text(page, "header"), /your data goes nowhere/);
});
