//! Metrics that stand alone: survey scores, cash flows, progress, waiting lines, money.
