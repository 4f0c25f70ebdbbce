"""A module finds and names its members, and every node created inside it has its path as scope."""

import copy
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from autograd import Value, array, data_of, leaves, topological_order
from nn import MLP, Dropout, Layer, Module, Neuron, ParameterError, Perceptron, summary


class Line(Module):
    def __init__(self):
        self.slope = Value(2.0, role="parameter")
        self.offset = Value(1.0, role="parameter")

    def forward(self, inputs):
        return self.slope * inputs[0] + self.offset


class Residual(Module):
    """A module with other modules, and with its own parameters, alone and in nested lists."""

    def __init__(self):
        self.first = Layer(2, 2, activation="tanh")
        self.heads = [Neuron(2), Neuron(2)]
        self.gain = Value(0.5, role="parameter")
        self.table = [[Value(1.0, role="parameter"), Value(2.0, role="parameter")], (Value(3.0, role="parameter"),)]
        self.note = Value(7.0, "note")  # not a parameter: it has another role

    def forward(self, inputs):
        hidden = self.first(inputs)
        return [self.gain * head(hidden) + x for head, x in zip(self.heads, inputs, strict=True)]


RESIDUAL_NAMES = [
    "first.neuron1.w1", "first.neuron1.w2", "first.neuron1.b",
    "first.neuron2.w1", "first.neuron2.w2", "first.neuron2.b",
    "head1.w1", "head1.w2", "head1.b", "head2.w1", "head2.w2", "head2.b",
    "gain", "table11", "table12", "table21",
]  # fmt: skip


class Twice(Module):
    def __init__(self, inner):
        self.inner = inner

    def forward(self, inputs):
        return self.inner(inputs) * 2.0


def scopes_of(root, model):
    """The module of every operation below a root."""
    return {node.scope for node in topological_order(root) if node.op}


def test_parameters_are_named_by_their_path_in_order_of_assignment():
    names = [name for name, _ in MLP(2, [2, 1]).named_parameters()]
    assert names == [
        "layer1.neuron1.w1", "layer1.neuron1.w2", "layer1.neuron1.b",
        "layer1.neuron2.w1", "layer1.neuron2.w2", "layer1.neuron2.b",
        "layer2.neuron1.w1", "layer2.neuron1.w2", "layer2.neuron1.b",
    ]  # fmt: skip
    assert [name for name, _ in Residual().named_parameters()] == RESIDUAL_NAMES
    assert [name for name, _ in Line().named_parameters()] == ["slope", "offset"]


@pytest.mark.parametrize("model", [MLP(3, [4, 2]), Residual(), Twice(MLP(2, [1])), Layer(2, 3), Neuron(2), Line()])
def test_scope_and_label_of_a_parameter_are_its_path(model):
    for name, parameter in model.named_parameters():
        assert f"{parameter.scope}.{parameter.label}".lstrip(".") == name
        assert parameter.role == "parameter"


def test_parameters_are_the_named_ones_in_the_same_order():
    model = Residual()
    assert model.parameters() == [parameter for _, parameter in model.named_parameters()]
    assert all(isinstance(parameter, Value) for parameter in model.parameters())
    assert model.note not in model.parameters()


def test_a_parameter_with_two_names_is_one_parameter():
    model = Line()
    model.again = model.slope
    assert model.parameters() == [model.slope, model.offset]
    assert set(model.state_dict()) == {"slope", "offset", "again"}


def test_a_module_gets_a_new_path_when_it_is_put_into_another():
    mlp = MLP(2, [2, 1])
    model = Twice(Twice(mlp))
    assert mlp.layers[0].neurons[1].w[0].scope == "inner.inner.layer1.neuron2"
    assert next(name for name, _ in model.named_parameters()) == "inner.inner.layer1.neuron1.w1"
    assert scopes_of(model([1.0, 2.0]), model) == {
        "inner.inner.layer1.neuron1", "inner.inner.layer1.neuron2", "inner.inner.layer2.neuron1", "inner", "",
    }  # fmt: skip


def test_every_node_made_inside_a_module_has_its_path_as_scope():
    model = MLP(2, [3, 2], activation="tanh")
    paths = {path for path, module in model.named_modules() if isinstance(module, Neuron)}
    outputs = model([0.5, -1.0])
    assert set().union(*(scopes_of(output, model) for output in outputs)) == paths
    assert [output.scope for output in outputs] == ["layer2.neuron1", "layer2.neuron2"]
    residual = Residual()
    assert scopes_of(residual([1.0, 2.0])[1], residual) == {"first.neuron1", "first.neuron2", "head2", ""}


def test_a_scope_ends_with_its_module_even_if_that_fails():
    class Failing(Module):
        def forward(self, inputs):
            raise RuntimeError("inside")

    model = Twice(Failing())
    with pytest.raises(RuntimeError):
        model([1.0])
    assert Value(1.0).scope == (Value(1.0) + 1.0).scope == ""


def test_numbers_become_inputs_labelled_from_x1():
    output = MLP(3, [2, 1])(np.array([1.0, 2.0, 3.0]))
    inputs = [leaf for leaf in leaves(output) if leaf.role == "input"]
    assert sorted((leaf.label, leaf.data, leaf.scope) for leaf in inputs) == [
        ("x1", 1.0, ""), ("x2", 2.0, ""), ("x3", 3.0, ""),
    ]  # fmt: skip


def test_values_passed_in_are_used_as_they_are():
    x, y = Value(1.5, "height"), Value(2.0) * 3.0
    for sample in ([x, y], (x, y), np.array([x, y]), array([x, y])):
        below = topological_order(Neuron(2)(sample))
        assert x in below
        assert y in below
    assert (x.label, x.role) == ("height", "plain")
    output = MLP(2, [2, 1])([x, y])
    output.backward()
    assert x.grad != 0.0


def test_one_number_is_a_sample_of_one():
    model = MLP(1, [2, 1])
    assert model(0.5).data == model([0.5]).data == model(Value(0.5)).data == model(np.float64(0.5)).data
    assert Line()(3).data == 7.0


def test_the_output_for_one_sample_is_a_value_or_a_list_of_several():
    assert isinstance(MLP(2, [3, 1])([1.0, 2.0]), Value)
    several = MLP(2, [3])([1.0, 2.0])
    assert isinstance(several, list)
    assert [type(value) for value in several] == [Value] * 3


@pytest.mark.parametrize(("sizes", "shape"), [([3, 1], (5,)), ([3, 2], (5, 2)), ([1], (5,)), ([4], (5, 4))])
def test_the_output_for_an_array_of_samples_is_an_array_of_values_row_by_row(sizes, shape):
    model, X = MLP(2, sizes), np.random.default_rng(0).normal(size=(5, 2))
    outputs = model(X)
    assert outputs.shape == shape
    assert all(isinstance(output, Value) for output in outputs.flat)
    rows = [model(list(row)) for row in X]
    assert data_of(outputs).tolist() == data_of(rows).tolist()


@pytest.mark.parametrize(
    ("model", "sample", "message"),
    [
        (MLP(2, [4, 1]), [1.0], r"a sample for MLP must have 2 numbers, not 1: \[1.0\]"),
        (MLP(2, [4, 1]), 5.0, r"a sample for MLP must have 2 numbers, not 1: 5.0"),
        (MLP(2, [4, 1]), [], r"must have 2 numbers, not 0"),
        (MLP(2, [4, 1]), np.zeros((3, 4)), r"must have 2 numbers, not 4"),
        (Layer(3, 2), [1.0, 2.0], r"a sample for Layer must have 3 numbers, not 2"),
        (Neuron(1), [1.0, 2.0], r"a sample for Neuron must have 1 numbers, not 2"),
        (Perceptron(2), [1.0, 2.0, 3.0], r"a sample for Perceptron must have 2 numbers, not 3"),
    ],
)
def test_a_sample_of_the_wrong_width_is_refused_naming_both(model, sample, message):
    with pytest.raises(ValueError, match=message):
        model(sample)


@pytest.mark.parametrize("sample", [["1", "2"], [None, 1.0], [[1.0], 2.0], [1j, 2.0]])
def test_a_sample_that_does_not_hold_numbers_is_refused(sample):
    with pytest.raises(TypeError, match="the data of a Value must be a real number"):
        MLP(2, [1])(sample)


def test_a_module_without_forward_says_so():
    class Empty(Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty must define forward\(self, inputs\)"):
        Empty()([1.0])


def test_train_and_eval_reach_every_module_inside():
    model = Twice(MLP(2, [3, 3, 1], dropout=0.5))
    modules = [module for _, module in model.named_modules()]
    assert len([module for module in modules if isinstance(module, Dropout)]) == 2
    assert all(module.training for module in modules)
    assert model.eval() is model
    assert not any(module.training for module in modules)
    assert model.train() is model
    assert all(module.training for module in modules)
    model.inner.train(False)
    assert [model.training, model.inner.training] == [True, False]


def test_named_modules_are_all_with_their_paths_from_the_root():
    paths = [path for path, _ in MLP(2, [2, 1], dropout=0.1).named_modules()]
    assert paths == ["", "layer1", "layer1.neuron1", "layer1.neuron2", "layer2", "layer2.neuron1", "dropout1"]


def test_zero_grad_clears_parameters_and_nothing_else():
    model, x = MLP(2, [2, 1]), Value(1.0)
    model([x, 2.0]).backward()
    assert all(parameter.has_grad for parameter in model.parameters())
    before = model.state_dict(), x.grad
    model.zero_grad()
    assert not any(parameter.has_grad for parameter in model.parameters())
    assert [parameter.grad for parameter in model.parameters()] == [0.0] * 9
    assert (model.state_dict(), x.grad) == before


def test_state_dict_and_back_is_the_same_model():
    model, other = Residual(), Residual()
    for i, parameter in enumerate(model.parameters()):
        parameter.data = i / 3.0
    other.load_state_dict(model.state_dict())
    assert other.state_dict() == model.state_dict() == {name: i / 3.0 for i, name in enumerate(RESIDUAL_NAMES)}


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda state: state.pop("layer1.neuron1.b"), ParameterError, r"with 8 names, lacks layer1.neuron1.b$"),
        (lambda state: state.update(u=1.0), ParameterError, r"a state for MLP .* 9 parameters; .* has the unknown u$"),
        (lambda state: state.clear(), ParameterError, r"with 0 names, lacks .* and 5 more$"),
        (lambda state: state.update({"layer2.neuron1.b": "3"}), TypeError, "the string '3'"),
        (lambda state: state.update({"layer2.neuron1.b": None}), TypeError, "None"),
        (lambda state: state.update({"layer2.neuron1.b": Value(1.0)}), TypeError, "plain number"),
    ],
)  # fmt: skip
def test_a_state_that_does_not_match_changes_nothing(change, kind, message):
    model = MLP(2, [2, 1])
    before, state = model.state_dict(), dict.fromkeys(model.state_dict(), 5.0)
    change(state)
    with pytest.raises(kind, match=message):
        model.load_state_dict(state)
    assert model.state_dict() == before


def test_numbers_of_a_state_become_floats():
    model = Line()
    model.load_state_dict({"slope": 3, "offset": np.float32(0.5)})
    assert [type(parameter.data) for parameter in model.parameters()] == [float, float]
    assert model(1.0).data == 3.5


def test_a_deep_copy_is_independent():
    model = MLP(2, [2, 1], seed=3)
    twin = copy.deepcopy(model)
    assert twin.state_dict() == model.state_dict()
    assert [(p.label, p.scope, p.role) for p in twin.parameters()] == [
        (p.label, p.scope, p.role) for p in model.parameters()
    ]
    twin.parameters()[0].data = 9.0
    assert model.parameters()[0].data != 9.0
    assert twin([1.0, 1.0]).data != model([1.0, 1.0]).data


def test_a_model_shows_its_modules():
    assert repr(MLP(2, [2, 1], output_activation="sigmoid", dropout=0.25)) == (
        "MLP(\n"
        "  (layer1): Layer(2, 2, activation='tanh')\n"
        "  (layer2): Layer(2, 1, activation='sigmoid')\n"
        "  (dropout1): Dropout(p=0.25)\n"
        ")"
    )
    assert repr(Line()) == "Line()"
    assert "  (inner): MLP(\n    (layer1): Layer(2, 1, activation='linear')\n  )" in repr(Twice(MLP(2, [1])))


def test_a_summary_lists_layers_and_counts_parameters():
    text = summary(Twice(MLP(64, [32, 10], activation="relu")))
    rows = [line.split() for line in text.splitlines()]
    assert rows[1] == ["inner.layer1", "64", "32", "relu", "32×64", "2,080"]
    assert rows[2] == ["inner.layer2", "32", "10", "linear", "10×32", "330"]
    assert rows[3] == ["total", "2,410"]
    assert summary(Layer(2, 3)).splitlines()[1].split() == ["layer", "2", "3", "linear", "3×2", "9"]
    assert summary(Line()).splitlines()[-1].split() == ["total", "2"]


@given(st.lists(st.integers(1, 6), min_size=2, max_size=5))
@settings(deadline=None, max_examples=30)
def test_a_summary_of_sizes_is_that_of_the_network_except_for_the_activations(sizes):
    built = summary(MLP(sizes[0], sizes[1:])).replace("tanh  ", "").replace("linear", "")
    assert [row.split() for row in summary(sizes).splitlines()] == [row.split() for row in built.splitlines()]


@pytest.mark.parametrize("sizes", [[3], [], "21", 3, [2, 0], [2.0, 1]])
def test_a_summary_of_something_else_is_refused(sizes):
    with pytest.raises(ValueError, match=r"two or more sizes such as \[2, 4, 1\]|must be a positive integer"):
        summary(sizes)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_model_passes_on_numbers_that_are_not_finite(bad):
    assert not math.isfinite(Neuron(1, weights=[1.0])(bad).data)


class Holding(Module):
    def __init__(self, **parts):
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, inputs):
        return self.layers[0](inputs)


def parameter(number=0.0):
    return Value(number, role="parameter")


def assert_labels_are_paths(model):
    names = [(name, f"{part.scope}.{part.label}".lstrip(".")) for name, part in model.named_parameters()]
    assert names
    assert all(name == path for name, path in names)


def test_members_added_to_a_list_after_it_was_assigned_are_named_too():
    model = Holding(layers=[], w=[])
    model.layers.append(Layer(2, 1))
    model.w.append(Value(1.0, "other", role="parameter"))
    assert model([1.0, 2.0]).scope == "layer1.neuron1"
    assert [(part.scope, part.label) for part in model.parameters()][1:] == [
        ("layer1.neuron1", "w2"), ("layer1.neuron1", "b"), ("", "w1"),
    ]  # fmt: skip
    outer = Holding(layers=[model])
    model.layers.insert(0, Layer(2, 2))
    assert_labels_are_paths(outer)
    assert outer([1.0, 2.0])[0].scope == "layer1.layer1.neuron1"


@pytest.mark.parametrize("sizes", [(11, 11), (2, 12), (12, 2), (1, 11), (3, 11, 11), (11, 2, 11)])
@pytest.mark.parametrize("kind", ["lists", "array"])
def test_every_parameter_of_nested_lists_and_arrays_has_a_name_of_its_own(sizes, kind):
    def nested(*sizes):
        first, *rest = sizes
        return [nested(*rest) if rest else Value(0.0, role="parameter") for _ in range(first)]

    model = Module()
    model.weights = nested(*sizes) if kind == "lists" else np.array(nested(*sizes), dtype=object)
    names = [name for name, _ in model.named_parameters()]
    assert len(names) == len(set(names)) == math.prod(sizes)
    assert len(model.parameters()) == math.prod(sizes)
    if sizes == (11, 11):
        assert names[10] == "weight1,11"
        assert names[110] == "weight11,1"
    restored = {name: float(number) for number, name in enumerate(names)}
    model.load_state_dict(restored)
    assert model.state_dict() == restored


@pytest.mark.parametrize("sizes", [(2, 12), (9, 9)])
def test_nested_lists_that_need_no_commas_have_none(sizes):
    model = Module()
    model.w = [[Value(0.0, role="parameter") for _ in range(sizes[1])] for _ in range(sizes[0])]
    assert [name for name, _ in model.named_parameters()] == [
        f"w{i}{j}" for i in range(1, sizes[0] + 1) for j in range(1, sizes[1] + 1)
    ]


def test_members_in_a_dict_are_named_by_attribute_and_key():
    model = Holding(heads={"left": Neuron(1), "right": [parameter()]})
    assert [name for name, _ in model.named_parameters()] == ["heads.left.w1", "heads.left.b", "heads.right1"]
    assert_labels_are_paths(model)


@pytest.mark.parametrize("kind", [np.array, array])
def test_parameters_in_an_array_are_named_by_their_indices(kind):
    model = Holding(W=kind([[parameter(), parameter()], [parameter(), parameter()]]), X=np.zeros(3))
    assert [name for name, _ in model.named_parameters()] == ["W11", "W12", "W21", "W22"]
    long = Holding(weights=kind([[parameter() for _ in range(10)]]))
    assert [name for name, _ in long.named_parameters()][-1] == "weight1,10"
    assert_labels_are_paths(long)


def endless():
    items = []
    items.append(items)
    return items


def test_a_module_that_would_contain_itself_is_refused_and_unchanged():
    model = Holding(child=Holding(slope=parameter()))
    for module, value in [(model.child, model), (model, model), (model, [model]), (model, endless())]:
        with pytest.raises(ParameterError, match="must not contain itself"):
            module.x = value
    assert [name for name, _ in model.named_parameters()] == ["child.slope"]


def test_a_module_in_its_own_list_is_refused_when_its_parameters_are_requested():
    model = Holding(layers=[])
    model.layers.append(model)
    with pytest.raises(ParameterError, match="must not contain itself, as Holding does"):
        model.parameters()
    assert "Holding" in repr(model)


class Tensor:
    """Numbers of another library, which NumPy can read."""

    def __init__(self, numbers):
        self.numbers = np.array(numbers)

    def __array__(self, dtype=None, copy=None):
        return self.numbers


@pytest.mark.parametrize("sample", [[1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]])
def test_a_tensor_or_a_table_is_taken_as_an_array(sample):
    model = MLP(2, [3, 1], seed=1)
    assert data_of(model(Tensor(sample))).tolist() == data_of(model(np.array(sample))).tolist()
    rows, targets = [[1.0, 2.0], [3.0, 4.0]], [0.0, 1.0]
    for X, y in ((rows, targets), (Tensor(rows), Tensor(targets))):
        model = MLP(2, [3, 1], seed=1)
        model.fit(X, y, epochs=2, progress=False)
    assert model.predict(Tensor(rows)).tolist() == model.predict(rows).tolist()


def test_a_list_of_rows_is_an_array_of_samples():
    model, X = MLP(2, [3, 1]), [[0.0, 1.0], [1.0, 0.0]]
    assert model(X).shape == (2,)
    assert data_of(model(X)).tolist() == data_of(model(np.array(X))).tolist()


def test_a_summary_shows_neurons_outside_layers():
    assert [row.split() for row in summary(Perceptron(2)).splitlines()[1:]] == [
        ["neuron", "2", "1", "step", "1×2", "3"], ["total", "3"],
    ]  # fmt: skip
    assert summary(Neuron(3)).splitlines()[1].split() == ["neuron", "3", "1", "linear", "1×3", "4"]


@pytest.mark.parametrize("state", [None, [1.0]])
def test_a_state_that_is_not_a_mapping_is_refused(state):
    with pytest.raises(TypeError, match="a state must map paths of parameters to numbers"):
        Line().load_state_dict(state)


def test_members_in_a_dataclass_are_named_after_its_fields_and_a_set_is_refused():
    @dataclass
    class Weights:
        scale: object
        rest: object

    class Model(Module):
        def __init__(self, weights):
            self.weights = weights

    def parameter():
        return Value(0.0, role="parameter")

    model = Model(Weights(parameter(), [parameter(), Weights(parameter(), 3.0)]))
    names = [name for name, _ in model.named_parameters()]
    assert names == ["weights.scale", "weights.rest1", "weights.rest2.scale"]
    with pytest.raises(ParameterError, match="the members in 'weights' must have an order"):
        Model({parameter(), parameter()}).parameters()


@pytest.mark.parametrize("wrong", [None, "a", 1j, Value(1.0)], ids=repr)
def test_a_state_holds_floats_and_nothing_else(wrong):
    line = Line()
    line.slope.data = np.float32(0.5)
    assert type(line.state_dict()["slope"]) is float
    line.slope.data = wrong
    with pytest.raises(TypeError, match="the data of the parameter leaf 'slope' must be a real number"):
        line.state_dict()
