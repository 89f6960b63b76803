// The package under test, and the published vectors.

import { readdirSync, readFileSync } from "node:fs";

/** The package: installed from its tarball, or as it was put together. */
export const vm = await import(process.env.VALUE_MODEL_PACKAGE ?? new URL("../../node/pkg/index.js", import.meta.url).href);
await vm.init();

const FOLDER = new URL("../../../crates/value-model-vectors/vectors/", import.meta.url);

export function vectorFiles() {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json") && name !== "catalog.json")
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
}
