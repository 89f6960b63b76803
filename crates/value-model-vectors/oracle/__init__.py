"""A second, independent implementation of every formula, in exact arithmetic.

It restates docs/sources.md and the formula pages, never the Rust code, and judges the published vectors.
"""
