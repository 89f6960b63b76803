// How numbers and names are written for people. Nothing is computed here.

// Halves go to the even digit, as where the command prints them: the same score reads the same in both.
const points = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1, roundingMode: "halfEven" });
const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0, roundingMode: "halfEven" });
const counts = new Intl.NumberFormat("en");

/** A score or points with one decimal; a dash where there is none. */
export function score(number) {
  return typeof number === "number" && !Number.isNaN(number) ? points.format(tidy(number)) : "–";
}

/** Points with their sign. */
export function gain(number) {
  const text = score(number);
  return number > 0 && text !== "0.0" ? `+${text}` : text.replace("-", "−");
}

/** A share 0..1 as a percentage. */
export function share(number) {
  return typeof number === "number" && !Number.isNaN(number) ? percents.format(number) : "–";
}

/** A whole number. */
export function count(number) {
  return counts.format(number);
}

/** An id as words: `at_risk` is "at risk". */
export function words(id) {
  return String(id ?? "none").replaceAll("_", " ");
}

/** "-0.0" would only confuse. */
function tidy(number) {
  return Math.abs(number) < 0.05 ? 0 : number;
}

/** Why there is no answer, or no score, in a sentence. */
const REASONS = {
  no_data: "nobody answered",
  stale: "the answer is too old",
  unvalidated: "only the vendor says so, and this model counts what customers confirm",
  not_applicable: "does not apply",
  insufficient: "too little is answered for a score",
};

/** The reason in words. */
export function reason(code) {
  return REASONS[code] ?? words(code);
}

/** The mark of a band: told apart by shape and name, not by colour alone. */
export function mark(place, bands) {
  if (place < 0) return "○";
  if (place === 0) return "▼";
  return place === bands.length - 1 ? "▲" : "◆";
}

/** The name of a band's colour by its place: told apart by people who see red and green alike. */
export function tone(place, bands) {
  if (place < 0) return "open";
  if (place === 0) return "low";
  return place === bands.length - 1 ? "high" : `mid-${((place - 1) % 3) + 1}`;
}

/** The name of a band with its mark. */
export function band(name, bands) {
  const place = bands.indexOf(name);
  return place < 0 ? "no band" : `${mark(place, bands)} ${words(name)}`;
}
