"""polars: a file of twelve answers to a file of scores, as one lazy query; CSV or Parquet by the target's name."""

from __future__ import annotations

import sys

import polars as pl


def side(names: list[str], reverse: bool) -> tuple[pl.Expr, pl.Expr]:
    """How many answers there are, and the sum of their units."""
    present = sum((pl.col(name).is_not_null().cast(pl.Float64) for name in names), pl.lit(0.0))
    units = ((1.0 - pl.col(name)) if reverse else pl.col(name) for name in names)
    known = (
        pl.when(pl.col(name).is_not_null()).then(unit).otherwise(0.0) for name, unit in zip(names, units, strict=True)
    )
    return present, sum(known, pl.lit(0.0))


def main() -> None:
    """Reads the first argument, writes the second."""
    source, target = sys.argv[1:]
    values, costs = ([f"{letter}{place}" for place in range(1, 7)] for letter in "vc")
    frame = pl.scan_csv(source, schema_overrides=dict.fromkeys(values + costs, pl.Float64))
    pv, tv = side(values, False)
    pc, tc = side(costs, True)
    frame = frame.with_columns(pv=pv, tv=tv, pc=pc, tc=tc)
    value = pl.when(pl.col("pv") >= 3).then(pl.col("tv") / pl.col("pv"))
    cost = pl.when(pl.col("pc") >= 3).then(pl.col("tc") / pl.col("pc"))
    frame = frame.with_columns(value=value, costs=cost)
    score = (pl.col("value") + pl.col("costs")) / 2 * 100
    band = pl.when(score >= 75).then(pl.lit("healthy")).when(score >= 50).then(pl.lit("watch"))
    result = frame.select(
        "account",
        score=score,
        band=band.when(score.is_not_null()).then(pl.lit("at_risk")),
        coverage=(pl.col("pv") / 6 + pl.col("pc") / 6) / 2,
        lower=(pl.col("tv") / 6 + pl.col("tc") / 6) / 2 * 100,
        upper=((pl.col("tv") + 6 - pl.col("pv")) / 6 + (pl.col("tc") + 6 - pl.col("pc")) / 6) / 2 * 100,
        value=pl.col("value") * 100,
        costs=pl.col("costs") * 100,
    )
    if target.endswith(".parquet"):
        result.sink_parquet(target)
    else:
        result.sink_csv(target)


if __name__ == "__main__":
    main()
