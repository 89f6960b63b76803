"""The five models of docs/sources.md, and the bound that each is held to."""

FORMULAS = {}
