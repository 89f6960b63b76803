// Rules engines, each with the rules that `peers/zen_engine.py` and `peers/jsonlogic.py` write for the model.

import { ZenEngine } from "@gorules/zen-engine";
import jsonlogic from "json-logic-js";

/** Every answer has a name, null where there is none: rules ask for it. */
function complete(about, accounts) {
  const none = Object.fromEntries(Array.from({ length: about.measures }, (_, place) => [`m${place}`, null]));
  return accounts.map((answers) => ({ ...none, ...answers }));
}

/** Results of accounts as columns. */
function shown(about, results) {
  const column = (name) => results.map((result) => result[name] ?? (name === "band" ? 0 : Number.NaN));
  return Object.fromEntries(about.outputs.map((name) => [name, column(name)]));
}

/** zen-engine: one decision, evaluated for one account at a time. */
export async function zenEngine(about, accounts) {
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(about.zen)));
  const given = complete(about, accounts);
  let results;
  const run = async () => {
    results = [];
    for (const account of given) results.push((await decision.evaluate(account)).result);
  };
  return { run, result: () => shown(about, results) };
}

/** JsonLogic: one rule for each output; later ones read earlier ones. */
export async function jsonLogic(about, accounts) {
  const rules = Object.entries(about.jsonlogic);
  const given = complete(about, accounts);
  let results;
  const run = () => {
    results = given.map((account) => {
      const found = {};
      for (const [name, rule] of rules) found[name] = jsonlogic.apply(rule, name === "score" || name === "band" ? found : account);
      return found;
    });
  };
  return { run, result: () => shown(about, results) };
}
