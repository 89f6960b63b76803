"""What type checkers must find: each line here is an error to both, or the comment on it is one."""

import value_model as vm

vm.nps(promoters="many", passives=1, detractors=1)  # type: ignore[call-overload] # pyright: ignore[reportArgumentType]
vm.nps(promoters=1, passives=1)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue]
vm.nps({"promotors": 1, "passives": 1, "detractors": 1})  # type: ignore[call-overload] # pyright: ignore[reportArgumentType]
vm.nps(promoters=1, passives=1, detractors=1).score  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
vm.Scorer("value-realization").score_arrow([], as_of="2026-11-01", layout="broad")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
vm.npv(rate=0.1, flows=[1.0], convention="sometimes")  # type: ignore[call-overload] # pyright: ignore[reportArgumentType]
