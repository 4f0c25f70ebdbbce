"""Draws the pictures of the README and of the pages: `python docs/pictures.py`."""

from pathlib import Path

import viz
from autograd import Value, derivative, leaves, scope, tanh

FOLDER = Path(__file__).parent / "images"


def neuron() -> Value:
    """Returns the squared error of one neuron, after `backward()`."""
    w1, w2, b = (Value(x, name, role="parameter") for x, name in ((0.7, "w1"), (-1.2, "w2"), (0.3, "b")))
    x1, x2 = (Value(x, name, role="input") for x, name in ((1.5, "x1"), (-0.4, "x2")))
    with scope("neuron"):
        output = tanh(w1 * x1 + w2 * x2 + b)
    output.label = "a"
    loss: Value = (output - Value(0.5, "y", role="input")) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


def unit() -> Value:
    """Returns y = tanh(w·x + b), the example of the README, after `backward()`."""
    w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
    y: Value = tanh(w * x + b)
    y.label = "y"
    y.backward()
    return y


def product() -> Value:
    """Returns one multiplication, after `backward()`."""
    w, x = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input")
    y = w * x
    y.label = "y"
    y.backward()
    return y


def slope() -> Value:
    """Returns the derivative of tanh(w·x) with respect to w, which is itself a graph."""
    w, x = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input")
    y = tanh(w * x)
    y.label = "y"
    result = derivative(y, w)
    result.label = "dy/dw"
    return result


def main() -> None:
    """Writes every picture, light and dark."""
    FOLDER.mkdir(exist_ok=True)
    loss = neuron()
    w1 = next(leaf for leaf in leaves(loss) if leaf.label == "w1")
    for palette in ("light", "dark"):
        viz.draw(unit(), local_derivatives=True, palette=palette).save(FOLDER / f"unit-{palette}.svg")
        viz.draw(product(), local_derivatives=True, palette=palette).save(FOLDER / f"product-{palette}.svg")
        viz.draw(slope(), palette=palette).save(FOLDER / f"slope-{palette}.svg")
        paths = viz.draw(loss, highlight=(w1, loss), hide_constants=True, precision=2, palette=palette)
        paths.save(FOLDER / f"paths-{palette}.svg")


if __name__ == "__main__":
    main()
