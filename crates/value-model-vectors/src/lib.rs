//! Test vectors and their reader.
