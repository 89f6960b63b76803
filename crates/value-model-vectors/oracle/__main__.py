"""The commands `check-vectors`, `assess`, `random` and `compare-random`."""

import argparse
import json
import sys

from . import compare_random, random_cards
from .errors import Refused
from .scorecard import assess


def main():
    """Runs one command; the exit code says whether everything agreed."""
    parser = argparse.ArgumentParser(prog="oracle", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    vectors = commands.add_parser("check-vectors", help="recompute every vector file of a directory")
    vectors.add_argument("directory")
    exact = commands.add_parser("assess", help="score every case of an NDJSON file, one result a line")
    exact.add_argument("cases")
    make = commands.add_parser("random", help="write random scorecards with records")
    make.add_argument("--count", type=int, default=10_000)
    make.add_argument("--seed", type=int, default=1)
    make.add_argument("--out", required=True)
    compare = commands.add_parser("compare-random", help="compare results with random cases")
    compare.add_argument("cases")
    compare.add_argument("results")
    sys.exit(run(parser.parse_args()))


def run(given):
    """The exit code of one command."""
    if given.command == "check-vectors":
        from . import check

        return check.check_directory(given.directory)
    if given.command == "random":
        random_cards.write(given.count, given.seed, given.out)
        return 0
    if given.command == "assess":
        return assess_file(given.cases)
    return compare_random.compare_files(given.cases, given.results)


def assess_file(path):
    """Writes the oracle's own results in the form that `compare-random` reads."""
    with open(path, encoding="utf-8") as cases:
        for line in cases:
            case = json.loads(line)
            try:
                result = {"ok": assess(case["model"], case["record"], case["as_of"])[0]}
            except Refused as refused:
                result = {"error": {"code": refused.code, "field": refused.field}}
            print(json.dumps(result, default=float, separators=(",", ":")))
    return 0


main()
