export { catalog, errorCodes, lint, presets } from "./call.js";
export { ColumnScores } from "./columns.js";
export { ValueModelError } from "./errors.js";
export * from "./functions.js";
export { Scorer } from "./scorer.js";
export { init } from "./host.js";
