// What holds of a vector, in Node and in a page.

/** `value_realization` as `valueRealization`. */
export function camel(id) {
  return id.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}

/** Vectors write numbers that JSON does not have as `{"$f64": "NaN"}`. */
export function numbers(value) {
  if (Array.isArray(value)) return value.map(numbers);
  if (typeof value !== "object" || value === null) return value;
  if ("$f64" in value) return Number(value.$f64);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, numbers(field)]));
}

/** Where two values differ, to the last bit; nothing where they do not. */
export function difference(found, expected, path = "") {
  if (typeof expected !== "object" || expected === null) {
    return Object.is(found, expected) ? undefined : `${path}: ${String(found)} instead of ${String(expected)}`;
  }
  if (typeof found !== "object" || found === null) return `${path}: ${String(found)} instead of ${JSON.stringify(expected)}`;
  const names = [Object.keys(found).sort().join(), Object.keys(expected).sort().join()];
  if (names[0] !== names[1]) return `${path}: has ${names[0]} instead of ${names[1]}`;
  for (const name of Object.keys(expected)) {
    const inside = difference(found[name], expected[name], `${path}.${name}`);
    if (inside) return inside;
  }
  return undefined;
}

/** What is wrong with a case; nothing where it holds. */
export function wrong(vm, formula, vector) {
  const call = vm[camel(formula)];
  let found;
  try {
    found = call(numbers(vector.input));
  } catch (error) {
    if (!(error instanceof vm.ValueModelError)) return `threw ${error}`;
    if (!vector.error) return `refused: ${error.message}`;
    const { code, field } = error;
    return code === vector.error.code && field === vector.error.field
      ? undefined
      : `refused by ${code} of ${field} instead of ${vector.error.code} of ${vector.error.field}`;
  }
  if (vector.error) return `gave ${JSON.stringify(found)} instead of ${vector.error.code}`;
  return difference(found, numbers(vector.expect));
}
