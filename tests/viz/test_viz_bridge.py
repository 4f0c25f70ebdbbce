"""What a reader sets in a page comes back to Python: names, numbers, and what stays as it is without a kernel."""

import gc
import math
import weakref

import pytest

import nn
import viz
from autograd import Value
from viz.pages import bridge as bridges
from viz.pages.page import asset


def product():
    w, x = Value(0.5, "w"), Value(3.0, "x")
    return w, x, w * x


class Widget:
    """What the widget is to the page, without ipywidgets."""

    def __init__(self, page):
        self.page, self.functions, self.closed = page, [], False

    def observe(self, function, names):
        assert names == "numbers"
        self.functions.append(function)

    def tell(self, *numbers):
        """What the script in the notebook does when the page tells numbers."""
        for function in self.functions:
            function({"new": list(numbers)})

    def close(self):
        self.closed = True


@pytest.fixture
def widgets(monkeypatch):
    """The widgets that pages make, as in a notebook with anywidget."""
    made = []

    def make(page):
        made.append(Widget(page))
        return made[-1]

    monkeypatch.setattr(bridges, "showing_notebook", lambda: True)
    monkeypatch.setattr(bridges, "find_spec", lambda name: True)
    monkeypatch.setattr(bridges, "_widget", lambda: make)
    return made


def test_values_are_those_at_the_start_until_the_page_tells_others(widgets):
    *_, y = product()
    page = viz.explore(y)
    assert page.values == {"w": 0.5, "x": 3.0}
    page._repr_mimebundle_()
    widgets[0].tell("0.75", "-Infinity")
    assert page.values == {"w": 0.75, "x": -math.inf}
    widgets[0].tell("NaN", "3")
    assert math.isnan(page.values["w"])


def test_load_sets_the_leaves_and_recomputes_the_graph(widgets):
    w, x, y = product()
    y.backward()
    page = viz.explore(y)
    page._repr_mimebundle_()
    widgets[0].tell("2", "-4")
    assert (w.data, x.data, y.data) == (0.5, 3.0, 1.5)
    assert page.load() is y
    assert (w.data, x.data, y.data) == (2.0, -4.0, -8.0)
    assert (w.grad, x.grad) == (3.0, 0.5)  # until backward()


def test_observers_are_called_once_for_each_change(widgets):
    page, seen = viz.explore(product()[2]), []
    page.observe(seen.append)
    page._repr_mimebundle_()
    widgets[0].tell("0.5", "3")  # as it was
    widgets[0].tell("0.5", "2")
    assert seen == [{"w": 0.5, "x": 2.0}]
    with pytest.raises(TypeError, match="observe takes a function of the values, not 3"):
        page.observe(3)


@pytest.mark.parametrize("numbers", [("1",), ("1", "2", "3"), ("1", "x"), ()])
def test_what_is_not_a_number_for_each_leaf_is_ignored(widgets, numbers):
    page = viz.explore(product()[2])
    page._repr_mimebundle_()
    widgets[0].tell(*numbers)
    assert page.values == {"w": 0.5, "x": 3.0}


def test_every_leaf_has_a_name_of_its_own():
    neuron = nn.MLP(2, [1], seed=0)
    names = [*viz.explore(neuron([1.0, 2.0])).values]
    assert sorted(names) == ["layer1.neuron1.b", "layer1.neuron1.w1", "layer1.neuron1.w2", "x1", "x2"]
    assert [*viz.explore(Value(1.0, "a") * Value(2.0, "a")).values] == ["a", "a (2)"]


def test_constants_have_no_value_to_set():
    assert viz.explore(Value(2.0, "x") * 3.0).values == {"x": 2.0}
    assert viz.explore(Value(2.0, "x") * 3.0).load().data == 6.0


def test_a_page_has_one_bridge_whose_name_only_its_frame_knows(widgets):
    page = viz.explore(product()[2])
    shown = [page._repr_mimebundle_()["text/html"] for _ in range(2)]
    assert len(widgets) == 1
    assert widgets[0].page in shown[0]
    assert shown[0] == shown[1]
    assert widgets[0].page not in page.html


def test_the_bridge_does_not_keep_the_page_and_ends_with_it(widgets):
    page = viz.explore(product()[2])
    page._repr_mimebundle_()
    gone = weakref.ref(page)
    del page
    gc.collect()
    assert gone() is None
    assert widgets[0].closed
    widgets[0].tell("1", "2")  # a message that was on its way


@pytest.mark.parametrize("what", ["notebook", "anywidget"])
def test_without_a_notebook_or_anywidget_the_page_is_the_static_one(widgets, monkeypatch, what):
    page = viz.explore(product()[2])
    static = page._repr_html_()
    if what == "notebook":
        monkeypatch.setattr(bridges, "showing_notebook", lambda: False)
    else:
        monkeypatch.setattr(bridges, "find_spec", lambda name: None)
    assert page._repr_mimebundle_()["text/html"] == static
    assert widgets == []


def test_the_widget_has_the_script_and_no_number_yet():
    pytest.importorskip("anywidget")
    made = bridges._widget()(page="name")
    try:
        assert (made.page, made.numbers, str(made._esm)) == ("name", [], asset("bridge.js"))
        assert made._view_name is not None
        seen = []

        class Owner:
            def take(self, numbers):
                seen.append(numbers)

        owner = Owner()
        bridges._connected(made, owner, owner.take)
        made.numbers = ["0.5", "2"]
        assert seen == [[0.5, 2.0]]
    finally:
        made.close()
