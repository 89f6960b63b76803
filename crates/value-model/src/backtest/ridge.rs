//! Logistic regression with weights of 0 or more and a ridge penalty: the fit behind suggested weights.

use crate::math;

use super::platt::{sigmoid, softplus};

/// Columns moved to mean 0, one entry per account, and what happened.
pub(super) struct Data<'a> {
    pub(super) columns: &'a [Vec<f64>],
    pub(super) outcomes: &'a [bool],
    pub(super) ridge: f64,
}

/// The most steps of Newton's method, and the most rounds of each.
const STEPS: u32 = 200;
const ROUNDS: u32 = 2_000;

/// How much higher a loss may come out that is not.
const ROUNDING: f64 = 1.0 + 1e-13;

/// Weights and the intercept, last.
type Point = Vec<f64>;

/// The weights of 0 or more with the least penalised log loss.
///
/// Newton's method; each of its steps is a quadratic problem with bounds, solved one weight at a time.
pub(super) fn fit(data: &Data<'_>) -> Vec<f64> {
    let weights = data.columns.len();
    let mut at: Point = vec![0.0; weights + 1];
    let mut loss = data.loss(&at);
    for _ in 0..STEPS {
        let (gradient, hessian) = data.slopes(&at);
        let step = bounded_step(&at, &gradient, &hessian);
        let (next, reached) = data.search(&at, &step, loss);
        let moved = next.iter().zip(&at).map(|(new, old)| (new - old).abs()).fold(0.0, f64::max);
        (at, loss) = (next, reached);
        if moved <= 1e-13 {
            break;
        }
    }
    at.truncate(weights);
    at
}

impl Data<'_> {
    /// The log odds of every account.
    fn odds(&self, at: &[f64]) -> Vec<f64> {
        let intercept = at.last().copied().unwrap_or_default();
        let mut odds = vec![intercept; self.outcomes.len()];
        for (column, weight) in self.columns.iter().zip(at) {
            for (odd, x) in odds.iter_mut().zip(column) {
                *odd += weight * x;
            }
        }
        odds
    }

    fn loss(&self, at: &[f64]) -> f64 {
        let weights = at.iter().take(self.columns.len());
        let penalty: f64 = weights.map(|weight| weight * weight).sum::<f64>() * self.ridge / 2.0;
        let of = |(odd, kept): (f64, &bool)| softplus(odd) - if *kept { odd } else { 0.0 };
        penalty + self.odds(at).into_iter().zip(self.outcomes).map(of).sum::<f64>()
    }

    /// First and second derivatives of the loss.
    fn slopes(&self, at: &[f64]) -> (Point, Vec<Point>) {
        let size = at.len();
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![vec![0.0; size]; size]);
        let ones = vec![1.0; self.outcomes.len()];
        let likelihoods: Vec<f64> = self.odds(at).into_iter().map(sigmoid).collect();
        let misses: Vec<f64> =
            likelihoods.iter().zip(self.outcomes).map(|(p, kept)| p - math::count((*kept).into())).collect();
        let column = |place: usize| self.columns.get(place).unwrap_or(&ones);
        for (i, (slope, row)) in gradient.iter_mut().zip(&mut hessian).enumerate() {
            *slope = column(i).iter().zip(&misses).map(|(x, miss)| x * miss).sum();
            for (j, second) in row.iter_mut().enumerate() {
                let both = column(i).iter().zip(column(j)).zip(&likelihoods);
                *second = both.map(|((x, y), p)| x * y * (p * (1.0 - p))).sum();
            }
        }
        for (i, (slope, row)) in gradient.iter_mut().zip(&mut hessian).enumerate().take(self.columns.len()) {
            *slope += self.ridge * at.get(i).copied().unwrap_or_default();
            if let Some(second) = row.get_mut(i) {
                *second += self.ridge;
            }
        }
        (gradient, hessian)
    }

    /// The first of the step, its half and so on that does not raise the loss.
    fn search(&self, at: &[f64], step: &[f64], loss: f64) -> (Point, f64) {
        let mut share = 1.0;
        for _ in 0..30 {
            let next: Point = at.iter().zip(step).map(|(from, by)| from + share * by).collect();
            let reached = self.loss(&next);
            // Within rounding the last steps change nothing but the point itself.
            if reached <= loss * ROUNDING {
                return (next, reached);
            }
            share /= 2.0;
        }
        (at.to_vec(), loss)
    }
}

/// The step to the least of the quadratic model that takes no weight below 0; the intercept, last, is free.
fn bounded_step(at: &[f64], gradient: &[f64], hessian: &[Point]) -> Point {
    let mut step = vec![0.0; at.len()];
    for _ in 0..ROUNDS {
        let mut moved = 0.0_f64;
        for (i, row) in hessian.iter().enumerate() {
            let (Some(&second), Some(&slope), Some(&from)) = (row.get(i), gradient.get(i), at.get(i)) else {
                continue;
            };
            let Some(&old) = step.get(i) else { continue };
            if second <= 0.0 {
                continue;
            }
            let pull: f64 = row.iter().zip(&step).map(|(h, by)| h * by).sum::<f64>() + slope;
            let free = old - pull / second;
            let new = if i + 1 < at.len() && free < -from { -from } else { free };
            moved = moved.max((new - old).abs());
            if let Some(entry) = step.get_mut(i) {
                *entry = new;
            }
        }
        if moved <= 1e-16 {
            break;
        }
    }
    step
}
