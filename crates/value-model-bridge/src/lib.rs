//! Host values to value-model and back.
