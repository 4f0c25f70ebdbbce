"""How a graph is written: the table of operations is complete, and nodes never take names of the library."""

import contextlib
import keyword

import pytest

import autograd
import nn
from autograd import Value, functions
from autograd.graph import walk
from autograd.notation.expression import ATOM, Written
from autograd.notation.latex import symbols_of
from autograd.notation.naming import names_in_code
from autograd.notation.operations import OPERATIONS
from autograd.notation.steps import backward_steps, forward_steps


def recorded():
    """The names of all operations that methods of Value record, found by calling each with every kind of argument."""
    found = set()
    for method in vars(Value).values():
        for arguments in ([], [Value(0.5)], [Value(0.5), Value(2.0)], [0.5, 2.0], [2.0]):
            with contextlib.suppress(TypeError, AttributeError):
                result = method(Value(0.25), *arguments)
                if isinstance(result, Value) and result.operands:
                    found.add(result.op)
    return found


def test_the_table_has_exactly_the_operations_that_a_value_records():
    missing, unknown = recorded() - set(OPERATIONS), set(OPERATIONS) - recorded()
    assert not missing, f"notation/operations.py does not say how these are written: {', '.join(sorted(missing))}"
    assert not unknown, f"notation/operations.py has entries that no Value records: {', '.join(sorted(unknown))}"
    assert all(name == operation.name for name, operation in OPERATIONS.items())


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_style_of_an_operation_is_how_its_code_looks(name):
    operation = OPERATIONS[name]
    letters = [Written(letter, ATOM) for letter in "abc"][: len(operation.code.needed)]
    text = operation.code.write(letters, "({})").text
    looks = {
        "infix": text.startswith("a ") and text.endswith(" b"),
        "prefix": text.endswith("a") and not text[0].isalnum(),
        "builtin": text.endswith("(a)") and not text.startswith(f"{name}("),
        "function": text.startswith(f"{name}(a"),
    }
    assert [style for style, fits in looks.items() if fits] == [operation.style]
    assert operation.style != "function" or callable(getattr(autograd, name))


PUBLIC = [*autograd.__all__, *functions.__all__, "autograd", "print", "float", "abs", *keyword.kwlist]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_label_that_is_a_name_of_the_library_or_of_python_does_not_become_a_name(name):
    leaf = Value(2.0, name)
    result = leaf * Value(3.0, "x")
    result.label = name
    assert list(names_in_code(*walk(result)).values()) == ["t1", "x", "t2"]


def test_names_are_read_once_for_all_steps_of_a_pass():
    x = Value(2.0, "x")
    for steps in (forward_steps(x * x + x), backward_steps(x * x + x)):
        assert len({id(step.graph) for step in steps}) == 1
        names = steps[0].graph.names
        assert steps[-1].code
        assert steps[-1].graph.names is names


@pytest.mark.parametrize("inputs", [2, 3, 5])
def test_all_weights_and_biases_of_a_network_are_named_in_the_same_way(inputs):
    model = nn.MLP(inputs, [2, 1], seed=0)
    loss = nn.mse_loss(model([0.5] * inputs), 1.0)
    leaves, operations = walk(loss)
    names = names_in_code(leaves, operations)
    symbols = symbols_of([*leaves, *operations], names)
    for layer, module in enumerate(model.layers, 1):
        for number, neuron in enumerate(module.neurons, 1):
            for parameter in (*neuron.w, neuron.b):
                assert names[parameter] == f"layer{layer}_neuron{number}_{parameter.label}"
                assert symbols[parameter].endswith(f"^{{[{layer},{number}]}}")
    assert [names[leaf] for leaf in leaves if leaf.role == "input"] == [f"x{n}" for n in range(1, inputs + 1)]
