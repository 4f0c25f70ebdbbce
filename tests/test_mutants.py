"""The reasons why mutants may survive are about code that exists; `nox -s mutation` finds out whether they are true."""

import inspect
import pydoc

import pytest
from support.mutants import Mutant, explained, explains


@pytest.mark.pure_python
@pytest.mark.parametrize("mutant", explained(), ids=lambda mutant: mutant.function)
def test_an_explained_mutant_is_a_change_of_its_function(mutant):
    source = inspect.getsource(pydoc.locate(mutant.function))
    assert mutant.old in source
    assert mutant.new != mutant.old


def test_a_reason_explains_only_its_change_of_its_function():
    mutant = Mutant("nn.losses.mse_loss", "return power(a - y, 2.0)", "return power(a - y, 3.0)")
    assert explains(Mutant("nn.losses.mse_loss", "y, 2.0", "y, 3.0"), mutant)
    assert not explains(Mutant("nn.losses.mse_loss", "y, 2.0", "y, 4.0"), mutant)
    assert not explains(Mutant("nn.losses.hinge_loss", "y, 2.0", "y, 3.0"), mutant)
