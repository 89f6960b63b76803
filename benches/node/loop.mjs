// A loop over Float64Array as somebody writes it by hand who knows this one model: two groups, each a mean of units, of
// which half must be answered; both are needed for a score.

const LEAST = 0.5 - 5e-10;
const CUTS = [50, 75];

export async function plainLoop(about, measures) {
  const [value, costs] = about.sides.map((side) => side.measures.map((place) => measures[place]));
  const { rows } = about;
  let found;
  const run = () => {
    const [score, coverage, g1, g2] = Array.from({ length: 4 }, () => new Float64Array(rows));
    const band = new Uint8Array(rows);
    for (let row = 0; row < rows; row += 1) {
      let [sum, present] = [0, 0];
      for (let place = 0; place < value.length; place += 1) {
        const unit = value[place][row];
        // NaN is the only number that is not itself.
        if (unit === unit) {
          sum += unit;
          present += 1;
        }
      }
      let [cost, answered] = [0, 0];
      for (let place = 0; place < costs.length; place += 1) {
        const unit = costs[place][row];
        if (unit === unit) {
          cost += 1 - unit;
          answered += 1;
        }
      }
      const first = present / value.length >= LEAST ? sum / present : Number.NaN;
      const second = answered / costs.length >= LEAST ? cost / answered : Number.NaN;
      const points = ((first + second) / 2) * 100;
      g1[row] = first * 100;
      g2[row] = second * 100;
      score[row] = points;
      coverage[row] = (present / value.length + answered / costs.length) / 2;
      band[row] = points === points ? 1 + (points >= CUTS[0]) + (points >= CUTS[1]) : 0;
    }
    found = { score, coverage, g1, g2, band };
  };
  return { run, result: () => found };
}
