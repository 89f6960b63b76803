"""DuckDB: a file of twelve answers to a file of scores, as one `copy`; CSV or Parquet by the target's name."""

from __future__ import annotations

import os
import sys

import duckdb


def main() -> None:
    """Reads the first argument, writes the second."""
    source, target = sys.argv[1:]
    values, costs = ([f"{letter}{place}" for place in range(1, 7)] for letter in "vc")

    def present(names: list[str]) -> str:
        return " + ".join(f"({name} is not null)::double" for name in names)

    plain = " + ".join(f"coalesce({name}, 0)" for name in values)
    turned = " + ".join(f"coalesce(1 - {name}, 0)" for name in costs)
    types = ", ".join(f"'{name}': 'DOUBLE'" for name in values + costs)
    options = "format parquet" if target.endswith(".parquet") else "header"
    duckdb.execute(f"set threads = {os.environ['VM_BENCH_THREADS']}")
    duckdb.execute(f"""copy (
        with sums as (
            select account, {present(values)} as pv, {plain} as tv, {present(costs)} as pc, {turned} as tc
            from read_csv('{source}', types = {{{types}}})
        ), sides as (
            select *, case when pv >= 3 then tv / pv end as v, case when pc >= 3 then tc / pc end as c from sums
        ), scored as (
            select *, (v + c) / 2 * 100 as score from sides
        )
        select account, score,
               case when score >= 75 then 'healthy' when score >= 50 then 'watch'
                    when score is not null then 'at_risk' end as band,
               (pv / 6 + pc / 6) / 2 as coverage,
               (tv / 6 + tc / 6) / 2 * 100 as lower,
               ((tv + 6 - pv) / 6 + (tc + 6 - pc) / 6) / 2 * 100 as upper,
               v * 100 as value, c * 100 as costs
        from scored
    ) to '{target}' ({options})""")


if __name__ == "__main__":
    main()
