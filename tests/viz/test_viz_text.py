"""The table of operations, and graphs as code and as formulas."""

import ast
import math
import re

import pytest
from hypothesis import given, settings, strategies as st
from support.exact import arity
from support.texts import texts

import autograd
import viz
from autograd import Value, functions
from autograd.graph import topological_order
from autograd.notation.expression import ATOM, Written, code_number, latex_number
from autograd.notation.latex import latex_label
from autograd.notation.operations import CODE_BRACKETS, OPERATIONS, symbol, write_code
from viz.labels import printable
from viz.text.formula import latex
from viz.text.listing import code

BINARY = [name for name in functions.__all__ if arity(name) == 2]
UNARY = [name for name in functions.__all__ if arity(name) == 1 and name not in ("clip", "leaky_relu", "detach")]

numbers = st.one_of(st.floats(-4, 4), st.floats(), st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, math.nan]))
ROLES = ["plain", "input", "parameter", "constant"]
SIMPLE = ["x", "w1", "t1", "t2", "tanh", "abs", "Value", "if", "__builtins__", "float", "print", "a.b", "a b", "x'"]
SIMPLE += ["ﬁ", "fi", "é", "{}", "#", "$x$", "`", "x\nimport os", '"""', "\\", "\u2028", "\ud800"]
hostile = st.one_of(st.sampled_from(SIMPLE), texts)


@st.composite
def graphs(draw):
    """A random graph with reuse, constants, every operation, hostile labels and scopes."""
    leaf = st.builds(lambda x, label, role: Value(x, label, role=role), numbers, hostile, st.sampled_from(ROLES))
    nodes = draw(st.lists(leaf, min_size=1, max_size=4))
    for _ in range(draw(st.integers(0, 12))):
        node = st.sampled_from(nodes)
        kind = draw(st.sampled_from(["unary", "binary", "number", "select", "held"]))
        with autograd.scope(draw(hostile)):
            if kind == "unary":
                made = getattr(functions, draw(st.sampled_from(UNARY)))(draw(node))
            elif kind == "binary":
                made = getattr(functions, draw(st.sampled_from(BINARY)))(draw(node), draw(node))
            elif kind == "number":
                operands = [draw(node), draw(numbers)]
                made = getattr(functions, draw(st.sampled_from(BINARY)))(*draw(st.permutations(operands)))
            elif kind == "select":
                made = functions.select(draw(node), draw(node), draw(node))
            else:
                low, high = sorted([draw(st.floats(-2, 2)), draw(st.floats(-2, 2))])
                made = draw(st.sampled_from([draw(node).clip(low, high), draw(node).leaky_relu(low)]))
        made.label = draw(hostile)
        nodes.append(made)
    return nodes[-1]


def run(source):
    """The Value of the last line of a program."""
    names = {}
    exec(str(source), names)
    last = source.splitlines()[-1].split(" = ")[0]
    return names[last]


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))


class TestOperations:
    def test_the_table_has_exactly_the_operations_that_a_value_records(self):
        assert sorted(OPERATIONS) == sorted(functions.__all__)
        assert all(name == operation.name for name, operation in OPERATIONS.items())

    def test_every_operation_has_a_symbol_and_distinct_ones(self):
        symbols = [operation.symbol for operation in OPERATIONS.values()]
        assert all(symbols)
        assert len(set(symbols)) == len(symbols)

    def test_a_symbol_shows_the_numbers_that_the_operation_holds(self):
        x = Value(2.0)
        assert [symbol(v) for v in (x**3, x**-1, x**0.5, x.leaky_relu(0.1), x.clip(-1, 2.5))] == [
            "x³",
            "x⁻¹",
            "x^0.5",
            "leaky ReLU 0.1",
            "clip [−1, 2.5]",
        ]

    def test_it_knows_no_derivatives(self):
        assert set(OPERATIONS["tanh"]._fields) == {"name", "symbol", "latex", "code", "style"}

    @pytest.mark.parametrize("number", [0.0, -0.0, 0.1, -1e-320, 1e300, math.inf, -math.inf, math.nan])
    def test_a_number_written_as_code_is_the_same_number(self, number):
        assert same(eval(code_number(number).text), number)

    @given(st.data())
    def test_code_written_with_minimal_brackets_parses_to_the_same_tree(self, data):
        written, tree = data.draw(expressions(4))
        assert ast.dump(ast.parse(written.text, mode="eval").body) == ast.dump(ast.parse(tree, mode="eval").body)

    @given(st.data())
    def test_no_bracket_of_written_code_can_be_left_out(self, data):
        written, tree = data.draw(expressions(3))
        for match in re.finditer(r"(?<![a-z])\(", written.text):
            shorter = without_brackets(written.text, match.start())
            parsed = ast.dump(ast.parse(shorter, mode="eval").body)
            assert parsed != ast.dump(ast.parse(tree, mode="eval").body)


def expressions(depth):
    """Pairs of an expression written by the table, and the same expression fully bracketed."""
    leaf = st.sampled_from([(Written("a", ATOM), "a"), (code_number(-2.0), "(-2.0)"), (code_number(3.0), "3.0")])
    if depth == 0:
        return leaf
    part = expressions(depth - 1)
    full = {"add": "({} + {})", "subtract": "({} - {})", "multiply": "({} * {})", "divide": "({} / {})"}
    full |= {"power": "({} ** {})", "negative": "(-{})", "tanh": "tanh({})", "absolute": "abs({})"}

    def apply(name, parts):
        form = OPERATIONS[name].code
        parts = parts[: len(form.needed)]
        return form.write([text for text, _ in parts], CODE_BRACKETS), full[name].format(*(tree for _, tree in parts))

    return st.one_of(leaf, st.builds(apply, st.sampled_from(sorted(full)), st.lists(part, min_size=2, max_size=2)))


def without_brackets(text, start):
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] == "(") - (text[end] == ")")
        if depth == 0:
            return text[:start] + text[start + 1 : end] + text[end + 1 :]
    raise AssertionError(text)


class TestCode:
    @settings(max_examples=300, deadline=None)
    @given(graphs())
    def test_running_the_code_records_the_same_operations_and_computes_the_same_bits(self, value):
        again = run(code(value))
        operations = [node.op for node in topological_order(value) if node.op]
        assert [node.op for node in topological_order(again) if node.op] == operations
        assert same(again.data, value.data)

    @settings(max_examples=200, deadline=None)
    @given(graphs())
    def test_it_has_a_line_for_each_operation_whatever_the_labels_say(self, value):
        source = code(value)
        kinds = {type(statement) for statement in ast.parse(source).body}
        operations = sum(1 for node in topological_order(value) if node.op)
        assert kinds <= {ast.ImportFrom, ast.Assign}
        assert sum("Value(" not in line and " = " in line for line in source.splitlines()) >= operations

    def test_writing_changes_nothing(self):
        x = Value(2.0, "x")
        y = x * x
        y.backward()
        code(y), latex(y, numbers=True)
        assert (x.grad, y.grad, x.label, y.label) == (4.0, 1.0, "x", "")

    def test_labels_become_names_where_they_are_free(self):
        a, b, c = Value(1.0, "layer1.w1"), Value(2.0, "tanh"), Value(3.0, "layer1.w1")
        names = [line.split(" = ")[0] for line in code(a * b + c).splitlines() if " = " in line]
        assert names == ["layer1_w1", "t1", "t2", "t3", "t4"]

    def test_equal_labels_in_a_model_are_distinguished_by_their_modules(self):
        value = two_neurons()
        names = [line.split(" = ")[0] for line in code(value).splitlines() if "Value(" in line]
        assert names == ["neuron1_w", "x", "neuron2_w"]

    def test_a_change_of_scope_is_a_comment_that_cannot_end(self):
        x = Value(1.0, "x")
        with autograd.scope("layer1\nraise SystemExit"):
            y = x + 1.0
        assert "# layer1\\nraise SystemExit" in code(y).splitlines()

    def test_a_graph_of_any_depth_is_written(self):
        x = Value(1.0, "x")
        y = x
        for _ in range(5_000):
            y = y + 1.0
        assert len(code(y).splitlines()) == 5_004
        assert len(code(y)._repr_markdown_().splitlines()) < 400

    def test_jupyter_shows_it_as_python_which_no_label_can_end(self):
        shown = code(Value(1.0, "```") * 2.0)._repr_markdown_().splitlines()
        assert shown[0] == "```python"
        assert [line for line in shown if line.startswith("```")] == ["```python", "```"]

    def test_anything_but_a_value_is_rejected(self):
        with pytest.raises(TypeError, match="not 3"):
            code(3)


def two_neurons():
    x = Value(1.0, "x")
    outputs = []
    for neuron in ("neuron1", "neuron2"):
        with autograd.scope(neuron):
            outputs.append((Value(0.5, "w") * x).tanh())
    return sum(outputs)


class TestLatex:
    @settings(max_examples=200, deadline=None)
    @given(graphs(), st.booleans(), st.booleans())
    def test_braces_and_environments_pair_whatever_the_labels_say(self, value, expand, shown):
        text = re.sub(r"\\[{}\\$%&#_]", "", str(latex(value, expand=expand, numbers=shown)))
        depth = 0
        for character in text:
            depth += (character == "{") - (character == "}")
            assert depth >= 0
        assert depth == 0
        assert text.count(r"\begin") == text.count(r"\end")
        assert text.count(r"\left") == text.count(r"\right")
        assert not set("$%#~") & set(text)

    @pytest.mark.parametrize(
        ("label", "expected"),
        [
            ("w1", "w_{1}"),
            ("w_12", "w_{12}"),
            ("alpha", r"\alpha"),
            ("beta2", r"\beta_{2}"),
            ("σ", "σ"),
            ("loss", r"\mathrm{loss}"),
            ("layer1.w1", r"w_{1}^{\mathrm{layer1}}"),
            ("dL/dx", r"\text{dL/dx}"),
            ("a}b", r"\text{a}\}\text{b}"),
            ("$x$", r"\$\text{x}\$"),
            ("<b>", r"{<}\text{b}{>}"),
            ("a\nb", r"\text{a b}"),
            ("\\end{x}", r"\backslash\text{end}\{\text{x}\}"),
            ("😀", r"\text{😀}"),
            ("\ud800", r"\text{�}"),
        ],
    )
    def test_labels_are_data(self, label, expected):
        assert latex_label(label) == expected

    def test_a_product_of_sums_has_brackets_and_a_sum_of_products_none(self):
        a, b, c = (Value(1.0, name) for name in "abc")
        assert latex((a + b) * c) == r"\left(a + b\right) \cdot c"
        assert latex(a * b + c) == r"a \cdot b + c"
        assert latex(a - (b - c)) == r"a - \left(b - c\right)"
        assert latex((-a) ** 2) == r"{\left(-a\right)}^{2}"
        assert latex((a + b) / (b * c)) == r"\frac{a + b}{b \cdot c}"

    def test_a_node_used_twice_is_written_once(self):
        x = Value(0.5, "x")
        y = x.tanh()
        z = y * y
        assert latex(z).splitlines()[1:-1] == [r"t_{1} &= \tanh\left(x\right) \\", r"t_{2} &= t_{1} \cdot t_{1}"]

    def test_the_length_is_linear_in_the_graph_however_often_nodes_are_reused(self):
        x = Value(0.5, "x")
        for _ in range(200):
            x = x * x
        assert len(latex(x)) < 20_000

    def test_labelled_nodes_have_their_own_lines_unless_expanded(self):
        x = Value(0.5, "x")
        z = x + 1.0
        z.label = "z"
        assert latex(z.tanh()).splitlines()[1].startswith("z &= x + 1")
        assert latex(z.tanh(), expand=True) == r"\tanh\left(x + 1\right)"

    def test_equal_labels_of_different_nodes_are_distinguished(self):
        assert latex(Value(1.0, "x") + Value(2.0, "x")) == "x + {x}^{(2)}"

    def test_each_module_has_a_line_and_marks_its_labels(self):
        value = two_neurons()
        assert latex(value).splitlines()[1:-1] == [
            r"t_{1} &= \tanh\left({w}^{[1]} \cdot x\right) \\",
            r"t_{2} &= \tanh\left({w}^{[2]} \cdot x\right) \\",
            r"t_{3} &= t_{1} + t_{2}",
        ]
        assert "aligned" not in latex(value, expand=True)

    def test_a_graph_too_large_to_read_is_rejected_with_advice(self):
        y = Value(1.0, "x")
        for _ in range(20_000):
            y = y + 1.0
        with pytest.raises(ValueError, match=r"has 20,000: .*viz\.code"):
            latex(y)

    def test_numbers_in_latex_are_rounded_to_the_precision(self):
        assert [latex_number(x, 3).text for x in (1 / 3, -2.0, 1e-9, 6.02e23, math.nan)] == [
            "0.333",
            "-2",
            "10^{-9}",
            r"6.02 \cdot 10^{23}",
            r"\mathrm{nan}",
        ]

    def test_a_bad_precision_is_named(self):
        with pytest.raises(ValueError, match="not 0"):
            latex(Value(1.0), precision=0)

    def test_jupyter_shows_it_as_mathematics(self):
        assert latex(Value(1.0, "x"))._repr_latex_() == "$$x = 1$$"


def test_an_operation_is_written_with_as_many_operands_as_it_has():
    with pytest.raises(ValueError, match="zip"):
        write_code(Value(1.0) + 1.0, [Written("a", ATOM)])


@pytest.mark.parametrize("precision", ["a", 0, 18, True, None, 2.0])
def test_every_view_rejects_a_precision_with_the_same_message(precision):
    views = [lambda: latex(Value(1.0), precision=precision), lambda: viz.draw(Value(1.0), precision=precision),
             lambda: viz.draw_network([2, 1], precision=precision)]  # fmt: skip
    for view in views:
        with pytest.raises(ValueError, match=f"precision must be an integer from 1 to 17, not {precision!r}"):
            view()


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\ud800"])
def test_an_unprintable_character_is_shown_the_same_in_pictures_and_formulas(character):
    shown = printable(character)
    assert character not in shown
    assert latex_label(character) == rf"\text{{{shown}}}"


def test_code_makes_leaves_of_the_same_numbers_labels_and_roles():
    w, x, c = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input"), Value(2.0, "c", role="constant")
    root = (w * x + c) * Value(4.0)
    again = run(code(root))
    leaves = [[(v.data, v.label, v.role) for v in autograd.leaves(node)] for node in (root, again)]
    assert leaves[0] == leaves[1]
    assert "w = Value(0.5, 'w', role='parameter')" in code(root)
