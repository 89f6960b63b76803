// The packages for Node and for browsers, as their users call them.

import { RecordBatchStreamWriter, Table, makeData, makeVector, tableFromIPC, Float64 } from "apache-arrow";

const DAY = "2026-11-01";
const NO_BAND = 255;

async function package_(name) {
  const vm = await import(new URL(`../../bindings/${name}/pkg/index.js`, import.meta.url).href);
  await vm.init();
  return vm;
}

/** Bands from 1, 0 for none, as the bench compares them. */
function shown(columns) {
  return { ...columns, band: Array.from(columns.band, (band) => (band === NO_BAND ? 0 : band + 1)) };
}

/** Typed arrays in, typed arrays out. */
export function columns(name) {
  return async (about, measures) => {
    const { Scorer } = await package_(name);
    const scorer = new Scorer(about.document);
    const table = Object.fromEntries(measures.map((column, place) => [`m${place}`, column]));
    const options = { as_of: DAY, results: about.outputs };
    let scores;
    const run = () => {
      scores = scorer.scoreColumns(table, options);
      if (scores.refused.length > 0) throw new Error(scores.refused[0].message);
    };
    return { run, result: () => shown(scores.columns) };
  };
}

/** One bit per value that there is. */
function bitmap(column) {
  const bits = new Uint8Array(Math.ceil(column.length / 8));
  column.forEach((value, row) => {
    if (!Number.isNaN(value)) bits[row >> 3] |= 1 << (row & 7);
  });
  return bits;
}

/** A stream of Arrow in, a stream of Arrow out, in batches of 64 Ki rows. */
export async function arrow(about, measures) {
  const { Scorer } = await package_("node");
  const scorer = new Scorer(about.document);
  const ROWS = 65_536;
  const batch = (start) => {
    const column = (values) => makeVector(makeData({ type: new Float64(), length: values.length, data: values, nullBitmap: bitmap(values) }));
    return new Table(Object.fromEntries(measures.map((values, place) => [`m${place}`, column(values.slice(start, start + ROWS))]))).batches[0];
  };
  const batches = Array.from({ length: Math.ceil(about.rows / ROWS) }, (_, piece) => batch(piece * ROWS));
  const bytes = RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
  const options = { as_of: DAY, results: about.outputs };
  let scores;
  const run = () => {
    scores = scorer.scoreArrow(bytes, options);
  };
  const result = () => {
    const table = tableFromIPC(scores);
    const column = (name) => [...table.getChild(name)];
    const numbers = (name) => column(name).map((value) => (name === "band" ? [null, ...scorer.bands].indexOf(value) : value ?? Number.NaN));
    return Object.fromEntries(about.outputs.map((name) => [name, numbers(name)]));
  };
  return { run, result };
}

/** One object in, one score out. */
export function records(name) {
  return async (about, accounts) => {
    const { Scorer } = await package_(name);
    const scorer = new Scorer(about.document);
    const given = accounts.map((answers) => ({ account: "acme", answers }));
    let scores = [];
    const run = () => {
      scores = given.map((record) => scorer.score(record, DAY));
    };
    const places = [null, ...scorer.bands];
    const result = () => ({
      score: scores.map(({ score }) => score ?? Number.NaN),
      coverage: scores.map(({ coverage }) => coverage),
      band: scores.map(({ band }) => places.indexOf(band)),
    });
    return { run, result };
  };
}

/** By which share a million calls, and models made and freed among them, let the process grow. */
export async function memory(impl, about, accounts, calls) {
  const { nps, Scorer } = await package_({ node: "node", wasm: "web" }[impl]);
  const scorer = new Scorer(about.document);
  const given = accounts.map((answers) => ({ account: "acme", answers }));
  const call = (times) => {
    for (let time = 0; time < times; time += 1) {
      const record = given[time % given.length];
      if (time % 4 === 3) nps({ promoters: time % 7, passives: 1, detractors: 2 });
      else if (time % 100 === 1) scorer.assess(record, DAY);
      else if (time % 1000 === 2) new Scorer(about.document).free();
      else scorer.score(record, DAY);
    }
  };
  /** What is left once everything has been collected that can be. */
  const held = async () => {
    for (let time = 0; time < 5; time += 1) {
      globalThis.gc();
      await new Promise((done) => setTimeout(done, 50));
    }
    return process.memoryUsage.rss();
  };
  // The engine's own memory finds its size first: compiled code, caches, the young generation.
  call(calls);
  const before = await held();
  const start = process.hrtime.bigint();
  call(calls);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  return { wall, growth: (await held()) / before - 1 };
}
