//! One file per question.

pub(crate) mod score;
