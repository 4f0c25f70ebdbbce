"""Mutants, small changes of the source that some test should notice: those that survive, and the reasons why they may.

`nox -s mutation` runs this after `mutmut run`, in the same folder.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

REASONS = Path(__file__).parents[1] / "mutants.toml"


class Mutant(NamedTuple):
    """A change of a statement of a function, such as `autograd.value.Value.exp`; a new text of "" removes it."""

    function: str
    old: str
    new: str


def explained() -> list[Mutant]:
    """The mutants in mutants.toml, whose texts may be parts of a statement."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivors"]
    return [Mutant(*mutant) for entry in entries for mutant in entry["mutants"]]


def mutmut(*arguments: str) -> str:
    return subprocess.run(["mutmut", *arguments], capture_output=True, text=True, encoding="utf-8", check=True).stdout


def mutant(name: str) -> Mutant:
    """The mutant that mutmut calls by a name such as `autograd.value.xǁValueǁexp__mutmut_1`."""
    module, function = re.fullmatch(r"(.+)\.x[_ǁ](.+)__mutmut_\d+", name).groups()
    changed = [line for line in mutmut("show", name).splitlines() if re.match(r"[-+](?![-+]{2} )", line)]
    old, new = ("\n".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
    return Mutant(f"{module}.{function.replace('ǁ', '.')}", old, new)


def explains(reason: Mutant, mutant: Mutant) -> bool:
    return reason.function == mutant.function and mutant.old.replace(reason.old, reason.new) == mutant.new


def main() -> int:
    """Prints the survivors without a reason, and after a whole run the reasons without a survivor; returns how many."""
    results = dict(line.strip().split(": ") for line in mutmut("results").splitlines())  # of all that are not killed
    found = [mutant(name) for name, status in results.items() if status != "not checked"]
    reasons = explained()
    unexplained = [mutant for mutant in found if not any(explains(reason, mutant) for reason in reasons)]
    outdated = [reason for reason in reasons if not any(explains(reason, mutant) for mutant in found)]
    if "not checked" in results.values():  # only some mutants were run
        outdated = []
    for title, mutants in (("No test notices", unexplained), ("Explained, but not a survivor", outdated)):
        for function, old, new in mutants:
            print(f"{title}: {function}\n- {old}\n+ {new}")
    print(f"{len(found)} mutants survive, {len(unexplained)} of them without a reason in {REASONS.name}")
    return len(unexplained) + len(outdated)


if __name__ == "__main__":
    sys.exit(main() > 0)
