"""The formula of a function as a routine, for targets that lack the function."""

from inspect import signature

from autograd.compiler.trace.builder import Builder, Traced
from autograd.functions import FORMULAS

__all__ = ["formula_of"]


def formula_of(name: str) -> Traced:
    """Returns the routine that computes a function of `autograd.functions` by its formula.

    Arguments:
        name: one of `autograd.functions.FORMULAS`.

    >>> [instruction.op for instruction in formula_of("softplus").routine.instructions if instruction.computes]
    ['absolute', 'negative', 'exp', 'log1p', 'select', 'add']
    """
    formula, builder = FORMULAS[name], Builder()
    return builder.finish([formula(*[builder.symbol() for _ in signature(formula).parameters])])
