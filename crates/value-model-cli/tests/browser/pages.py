"""Pages for the check in a browser: the example, one with hostile names, one of ten thousand accounts."""

from __future__ import annotations

import csv
import random
import subprocess
from pathlib import Path

HOSTILE = [
    "<script>document.title='owned'</script>",
    "\"><img src=x onerror=\"document.title='owned'\">",
    "' onfocus='document.title=1' autofocus='",
    "</style></title><svg onload=alert(1)>",
    "<style>@import url(https://evil.example/x.css)</style>",
    "url(https://evil.example/x.png)",
    "javascript:alert(1)",
    "a_very_long_name_without_any_space_" + "x" * 200,
    "\u202egnp.exe",
]

AS_OF = ["--as-of", "2026-11-01"]


def report(program: str, folder: Path, *flags: str) -> None:
    subprocess.run([program, "report", *flags, "--quiet"], cwd=folder, check=True)


def example(program: str, folder: Path) -> Path:
    """Everything that the report can show, on the accounts of the demo."""
    subprocess.run([program, "demo", "--dir", "demo", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    answers, team = "demo/input/answers.csv", "demo/input/team.toml"
    before = Path(folder, "before.csv")
    with Path(folder, answers).open() as old, before.open("w", newline="") as new:
        rows = csv.DictReader(old)
        out = csv.DictWriter(new, rows.fieldnames or [])
        out.writeheader()
        for row in rows:
            if row["measure"] == "full_usage":
                row["value"] = "0.5"
            if row["measure"] != "learning" and (row["on"] or "") <= "2026-10-01":
                out.writerow(row)
    accounts = sorted({row["account"] for row in csv.DictReader(before.open())})
    outcomes = [f"{account},2027-01-31,{'no' if account < 'e' else 'yes'}\n" for account in accounts]
    Path(folder, "outcomes.csv").write_text("account,on,renewed\n" + "".join(outcomes))
    report(program, folder, answers, "--model", "value-realization", *AS_OF, "--by", "csm,segment", "--revenue", "arr",
           "--before", "before.csv", "--as-of-before", "2026-10-01", "--staffing", team,
           "--outcomes", "outcomes.csv", "--outcome", "renewed", "--kept", "yes", "-o", "example.html")
    return Path(folder, "example.html")


MODEL = """
schema = "value-model/1"
id = "hostile"
version = "1"
title = "<b>Bold</b> </title><script>document.title='owned'</script>"
[tree]
id = "health"
[[tree.children]]
id = "csat"
title = "<img src=x onerror=alert(1)>"
scale.linear = { worst = 0, best = 10 }
[[tree.children]]
id = "use"
title = "A measure with quite a long title, as people write them who want to be understood"
scale.linear = { worst = 0, best = 10 }
"""


def rows(folder: Path, name: str, accounts: list[str], seed: int) -> None:
    chance = random.Random(seed)
    with Path(folder, name).open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["account", "csat", "use", "csm", "arr", "left"])
        for place, account in enumerate(accounts):
            csat = chance.triangular(0, 10, 7)
            use = "" if chance.random() < 0.1 else f"{chance.triangular(0, 10, 8):.2f}"
            csm = HOSTILE[place % len(HOSTILE)] if account in HOSTILE else f"csm {place % 30}"
            left = "yes" if csat < chance.uniform(0, 10) else "no"
            out.writerow([account, f"{csat:.2f}", use, csm, place * 1000, left])


def made(program: str, folder: Path, name: str, accounts: list[str], *flags: str) -> Path:
    """A page of made-up accounts with an earlier file."""
    Path(folder, "hostile.toml").write_text(MODEL)
    rows(folder, f"{name}.csv", accounts, 1)
    rows(folder, f"{name}-before.csv", accounts, 2)
    report(program, folder, f"{name}.csv", "--model", "hostile.toml", *AS_OF, "--by", "csm", "--revenue", "arr",
           "--before", f"{name}-before.csv", "--as-of-before", "2026-10-01", "--outcome", "left", "--lost", "yes", *flags, "-o", f"{name}.html")
    return Path(folder, f"{name}.html")
