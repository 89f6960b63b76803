// What kind of control an answer gets, by the scale of its measure. Whether an answer fits is for the package to say.

/** The name of a scale and its parameters: `"unit"` or `{ linear: { worst, best } }`. */
export function scaleOf(measure) {
  const { scale } = measure;
  if (typeof scale === "string") return { name: scale, of: {} };
  const [name] = Object.keys(scale);
  return { name, of: scale[name] ?? {} };
}

/** Where a slider begins and ends, and which of its ends is the better one. */
const SPANS = {
  unit: () => ({ from: 0, to: 1, step: 0.01 }),
  percent: () => ({ from: 0, to: 100, step: 1 }),
  score: () => ({ from: 0, to: 100, step: 1 }),
  likert: ({ min, max }) => ({ from: min, to: max, step: 1 }),
  linear: ({ worst, best }) => between(worst, best),
  linear_bounded: ({ worst, best }) => between(worst, best),
  progress: ({ baseline, target }) => (baseline === target ? around(baseline) : between(baseline, target)),
  pace: ({ baseline, target }) => between(baseline, target),
  points: (points) => line(listOf(points).map((point) => [point.at ?? point[0], point.unit ?? point[1]])),
  steps: ({ steps, below }) => line([[beyond(steps), below], ...steps.map((step) => [step.from, step.unit])]),
  peer: ({ cohort }) => between(Math.min(...cohort), Math.max(...cohort)),
};

/** The slider of a measure: `{ from, to, step, better }` with better "to" or "from"; null where it has none. */
export function spanOf(measure) {
  const { name, of } = scaleOf(measure);
  const span = SPANS[name]?.(of);
  if (!span || !(span.from < span.to)) return null;
  const turned = Boolean(measure.reverse) !== (span.better === "from");
  return { ...span, better: turned ? "from" : "to" };
}

/** What an answer may look like, in a few words. */
export function hintOf(measure) {
  const { name, of } = scaleOf(measure);
  if (name === "within") return `counts for ${of.days ?? 90} days`;
  if (name === "growth") return "now, and one period before";
  if (name === "likert") return `whole numbers, ${of.min} to ${of.max}`;
  const span = spanOf(measure);
  return span ? `${span.from} to ${span.to}` : "";
}

function between(worst, best) {
  const [from, to] = worst < best ? [worst, best] : [best, worst];
  return { from, to, step: stepOf(from, to), better: worst < best ? "to" : "from" };
}

function around(value) {
  const room = Math.abs(value) * 0.1 || 1;
  return between(value - room, value + room);
}

/** A slider over points: the better end is the one with the higher unit. */
function line(points) {
  const [first, last] = [points[0], points.at(-1)];
  return first[1] <= last[1] ? between(first[0], last[0]) : between(last[0], first[0]);
}

/** Some room below the first step, so that the slider reaches it. */
function beyond(steps) {
  const [first, last] = [steps[0].from, steps.at(-1).from];
  const room = (last - first) / 4 || Math.abs(first) / 4 || 1;
  return first > 0 ? Math.max(0, first - room) : first - room;
}

function listOf(points) {
  return Array.isArray(points) ? points : (points.points ?? []);
}

/** A round step that makes about a hundred of them. */
function stepOf(from, to) {
  return 10 ** Math.floor(Math.log10((to - from) / 50));
}
