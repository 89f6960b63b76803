//! Platt's calibration: a logistic curve through the outcomes, with smoothed targets.

use crate::math;

use super::rank::Tie;

/// `1 / (1 + exp(-(slope * score + intercept)))`.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Logistic {
    /// How fast the log odds rise per point of score; negative when the score points the wrong way.
    pub slope: f64,
    /// The log odds at a score of 0.
    pub intercept: f64,
}

impl Logistic {
    /// The likelihood at a score.
    pub fn at(self, score: f64) -> f64 {
        sigmoid(self.slope * score + self.intercept)
    }
}

/// `1 / (1 + exp(-x))`, without overflow.
pub(super) fn sigmoid(x: f64) -> f64 {
    let small = math::exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) }
}

/// `ln(1 + exp(x))`, without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    let over = if x > 0.0 { x } else { 0.0 };
    over + math::ln(1.0 + math::exp(-x.abs()))
}

/// The most steps; a few are enough, because the loss is convex and the targets lie inside of 0..1.
const STEPS: u32 = 100;

/// How much higher a loss may come out that is not.
const ROUNDING: f64 = 1.0 + 1e-13;

/// Fits the curve to accounts of both classes whose scores are not all equal; none otherwise.
pub(super) fn fit(ties: &[Tie]) -> Option<Logistic> {
    let points = Points::of(ties)?;
    let (mut at, mut loss) = ([0.0, points.base], f64::INFINITY);
    for _ in 0..STEPS {
        let step = points.step(at)?;
        let (next, reached) = points.search(at, step, loss);
        let moved = (next[0] - at[0]).abs() + (next[1] - at[1]).abs();
        (at, loss) = (next, reached);
        if moved <= 1e-14 * (1.0 + at[0].abs() + at[1].abs()) {
            break;
        }
    }
    let slope = at[0] / points.spread;
    Some(Logistic { slope, intercept: at[1] - slope * points.mean })
}

/// Scores moved to mean 0 and spread 1, with how many accounts there are and the sum of their targets.
struct Points {
    list: Vec<(f64, f64, f64)>,
    mean: f64,
    spread: f64,
    base: f64,
}

impl Points {
    fn of(ties: &[Tie]) -> Option<Self> {
        let sum = |of: fn(&Tie) -> f64| ties.iter().map(of).sum::<f64>();
        let (kept, lost) = (sum(|tie| math::count(tie.kept)), sum(|tie| math::count(tie.lost)));
        if kept < 0.5 || lost < 0.5 || ties.len() < 2 {
            return None;
        }
        let all = kept + lost;
        let mean = sum(|tie| tie.score() * math::count(tie.accounts())) / all;
        let square = |tie: &Tie| math::count(tie.accounts()) * (tie.score() - mean) * (tie.score() - mean);
        let spread = (ties.iter().map(square).sum::<f64>() / all).sqrt();
        // The usual smoothing of targets, which keeps the curve finite where classes do not overlap.
        let (high, low) = ((kept + 1.0) / (kept + 2.0), 1.0 / (lost + 2.0));
        let point = |tie: &Tie| {
            let wanted = math::count(tie.kept) * high + math::count(tie.lost) * low;
            ((tie.score() - mean) / spread, math::count(tie.accounts()), wanted)
        };
        Some(Self { list: ties.iter().map(point).collect(), mean, spread, base: math::ln(kept / lost) })
    }

    /// Newton's step down the loss.
    fn step(&self, [slope, intercept]: [f64; 2]) -> Option<[f64; 2]> {
        let (mut g, mut h) = ([0.0; 2], [0.0; 3]);
        for &(x, accounts, wanted) in &self.list {
            let p = sigmoid(slope * x + intercept);
            let (miss, weight) = (accounts * p - wanted, accounts * p * (1.0 - p));
            g = [g[0] + miss * x, g[1] + miss];
            h = [h[0] + weight * x * x, h[1] + weight * x, h[2] + weight];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        let step = |a: f64, b: f64| (a - b) / determinant;
        (determinant > 0.0).then(|| [step(h[1] * g[1], h[2] * g[0]), step(h[1] * g[0], h[0] * g[1])])
    }

    /// The first of the step, its half, its quarter and so on that does not raise the loss.
    fn search(&self, at: [f64; 2], step: [f64; 2], loss: f64) -> ([f64; 2], f64) {
        let mut share = 1.0;
        for _ in 0..30 {
            let next = [at[0] + share * step[0], at[1] + share * step[1]];
            let reached = self.loss(next);
            // Within rounding the last steps change nothing but the point itself.
            if reached <= loss * ROUNDING {
                return (next, reached);
            }
            share /= 2.0;
        }
        (at, loss)
    }

    fn loss(&self, [slope, intercept]: [f64; 2]) -> f64 {
        let of = |&(x, accounts, wanted): &(f64, f64, f64)| {
            let odds = slope * x + intercept;
            accounts * softplus(odds) - wanted * odds
        };
        self.list.iter().map(of).sum()
    }
}
