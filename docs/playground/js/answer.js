// One answer as it stands in a record: a bare value, `{ missing }`, or an object with value and evidence.

/** Whether an answer holds a value. */
export function isAnswered(answer) {
  return answer !== undefined && answer !== null && !(isObject(answer) && "missing" in answer);
}

/** "answered", "open" (nobody knows yet) or "off" (does not apply). */
export function stateOf(answer) {
  if (isAnswered(answer)) return "answered";
  return isObject(answer) && answer.missing === "not_applicable" ? "off" : "open";
}

/** What does not apply. */
export const OFF = Object.freeze({ missing: "not_applicable" });

/** The value alone. */
export function valueOf(answer) {
  return isObject(answer) ? answer.value : answer;
}

/** A field beside the value, such as `source`; empty where there is none. */
export function besides(answer, field) {
  return (isObject(answer) && answer[field]) || "";
}

/** The answer with another value; evidence stays. */
export function withValue(answer, value) {
  return isObject(answer) && isAnswered(answer) ? { ...answer, value } : value;
}

/** The answer with a field beside its value; an empty text takes the field away. */
export function withField(answer, field, text) {
  const { [field]: _, ...others } = isObject(answer) ? answer : { value: answer };
  if (text !== "") return { ...others, [field]: text };
  return Object.keys(others).length === 1 ? others.value : others;
}

function isObject(answer) {
  return typeof answer === "object" && answer !== null && !Array.isArray(answer);
}
