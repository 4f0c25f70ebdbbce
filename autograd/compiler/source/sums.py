"""A graph that holds its samples as source code: functions for one sample, for the whole, and for all samples."""

from autograd.compiler.reroll.summation import Summation, numbered
from autograd.compiler.source.language import Language
from autograd.compiler.source.text import source

__all__ = ["reserved", "summation_source"]

_PER_SUM = ("rows", "sample", "sums")  # the words of the source that are numbered if there are several sums


def reserved(sums: int) -> set[str]:
    """Returns the names that the source uses for this number of sums, besides those of its numbers."""
    return {"row", "whole", *(name for word in _PER_SUM for name in numbered(word, sums))}


def summation_source(summation: Summation, language: Language) -> str:
    """Writes the functions for one sample of each sum, for the whole, and for the rows of samples and the leaves."""
    sums, whole = summation.sums, summation.whole
    rows, functions, totals = (numbered(word, len(sums)) for word in _PER_SUM)
    own = [*whole.names[summation.totals :]]
    leaves, texts, lines = [*own], [], []
    for sample, row, function, total in zip(sums, rows, functions, totals, strict=True):
        texts.append(source(sample.traced, language, function).text)
        shared = sample.traced.names[len(sample.columns) :]
        call = f"{function}({', '.join([f'{language.spread}row', *shared])})"
        nested = call if sample.traced.routine.gradients else f"[{call}]"
        lines.append(language.line.format(name=total, value=language.sums.format(call=nested, rows=row)))
        leaves += shared
    texts.append(source(whole, language, "whole").text)
    given = ", ".join([f"{language.spread}{total}" for total in totals] + own)
    head = language.head.format(name="program", arguments=", ".join([*rows, *dict.fromkeys(leaves)]))
    texts.append("".join([head, *lines, language.result.format(value=f"whole({given})"), language.end]))
    return "\n\n".join(texts)
