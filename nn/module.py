"""The base of everything with parameters: finds and names them, and records where in the model a node was made."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value, array, scope

__all__ = ["Module", "ParameterError", "as_list"]


class ParameterError(ValueError):
    """Numbers given to a model do not fit its parameters."""


class Module:
    """A part of a model. Derive from it, set parameters and other modules as attributes, and define `forward`.

    Its parts are named by their attributes; those in a list are counted from 1, without the plural's s: the first of
    `self.layers` is "layer1", the second of `self.w` is "w2". Parameters are Values of role "parameter"; they get
    that name as their label, and every node made while a module runs gets its path ("layer1.neuron2") as its scope.

    Attributes:
        training: whether dropout and the like are active; see `train` and `eval`.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope = Value(2.0, role="parameter")
    ...         self.offset = Value(1.0, role="parameter")
    ...
    ...     def forward(self, inputs):
    ...         return self.slope * inputs[0] + self.offset
    >>> line = Line()
    >>> line(3.0).data, [name for name, _ in line.named_parameters()]
    (7.0, ['slope', 'offset'])
    """

    training: bool = True
    inputs: int | None = None  # how many numbers a sample has; None accepts any
    _name: str = ""
    _path: str = ""

    def forward(self, inputs: list[Value]) -> Any:
        """What the module computes from one sample: a Value, or a list of several. To be defined by each."""
        raise TypeError(f"{type(self).__name__} defines no forward(self, inputs)")

    def __call__(self, x: Any) -> Any:
        """The output for one sample, or for each row of a 2-D array.

        Arguments:
            x: the numbers or Values of one sample (a list, a 1-D array; a single one as it is), or samples × inputs.
                Numbers become inputs labelled x1, x2, ...

        Returns:
            Of one sample: a Value, or a list of several outputs. Of an array: an array of Values, of shape (samples,)
            or (samples, outputs).

        Raises:
            ValueError: if a sample has not as many numbers as the module has inputs.
        """
        if isinstance(x, np.ndarray) and x.ndim == 2:
            return array([self(list(row)) for row in x])
        sample = list(x) if isinstance(x, (list, tuple, np.ndarray)) else [x]
        if self.inputs is not None and len(sample) != self.inputs:
            raise ValueError(f"{self._title()} takes {self.inputs} inputs, but this sample has {len(sample)}: {x!r}")
        inputs = [v if isinstance(v, Value) else Value(v, f"x{i}", role="input") for i, v in enumerate(sample, 1)]
        with scope(self._name):
            output = self.forward(inputs)
        return output[0] if isinstance(output, list) and len(output) == 1 else output

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        for part_name, part in _parts(name, value):
            _stamp(part, part_name, self._path)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """The modules directly inside, with their names, in order of assignment."""
        return ((name, part) for name, part in self._named_parts() if isinstance(part, Module))

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, "Module"]]:
        """This module and all inside it, at any depth, with their paths; its own is ""."""
        yield prefix, self
        for name, child in self.named_children():
            yield from child.named_modules(_join(prefix, name))

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Value]]:
        """All parameters with their paths, such as "layer1.neuron2.w1"."""
        for name, part in self._named_parts():
            if isinstance(part, Module):
                yield from part.named_parameters(_join(prefix, name))
            else:
                yield _join(prefix, name), part

    def parameters(self) -> list[Value]:
        """All parameters, in the order of `named_parameters`; one that has several names only once."""
        return list(dict.fromkeys(parameter for _, parameter in self.named_parameters()))

    def zero_grad(self) -> None:
        """Clears the gradient of every parameter."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> "Module":
        """Switches this module and all inside it to training, or with False to evaluation; gives itself back."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> "Module":
        """Switches to evaluation: `train(False)`."""
        return self.train(False)

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter by its path."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Sets every parameter to the number under its path.

        Raises:
            ParameterError: if a path is missing or unknown; then nothing has changed.
            TypeError: if a number is none; then nothing has changed.
        """
        own = dict(self.named_parameters())
        missing, unknown = [*(own.keys() - state.keys())], [*(state.keys() - own.keys())]
        if missing or unknown:
            raise ParameterError(
                f"these parameters do not fit {self._title()}: {_some('missing', missing)}{_some('unknown', unknown)}"
                f"it has {len(own)}, given were {len(state)}"
            )
        numbers = {name: Value(number).data for name, number in state.items()}
        for name, number in numbers.items():
            if isinstance(number, Value):
                raise TypeError(f"the state of {name} is a plain number, not {number!r}")
        for name, parameter in own.items():
            parameter.data = numbers[name]

    def save(self, path: str | Path) -> None:
        """Writes the parameters to a file, at once or not at all; data only, no code. See `load`.

        Raises:
            StorageError: if it cannot be written there.
        """
        from nn.storage import save

        save(self.state_dict(), Path(path))

    def load(self, path: str | Path) -> None:
        """Reads the parameters that `save` wrote, bit for bit, into this model.

        Raises:
            StorageError: if the file is missing, damaged, or of another version; nothing has changed.
            ParameterError: if it holds another model's parameters; nothing has changed.
        """
        from nn.storage import load

        self.load_state_dict(load(Path(path)))

    def fit(self, X: Any, y: Any, **options: Any) -> Any:
        """Trains the model; see `nn.fit`, which takes the same options and gives the same History."""
        from nn.training import fit

        return fit(self, X, y, **options)

    def predict(self, X: Any) -> Any:
        """The outputs for each row of X, as floats; see `nn.predict`."""
        from nn.training import predict

        return predict(self, X)

    def __repr__(self) -> str:
        children = [f"  ({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        return "\n".join([f"{self._title()}(", *children, ")"]) if children else f"{self._title()}()"

    def _title(self) -> str:
        return type(self).__name__

    def _named_parts(self) -> "Iterator[tuple[str, Module | Value]]":
        seen = set()
        for attribute, value in vars(self).items():
            for name, part in _parts(attribute, value):
                if name in seen:
                    raise ParameterError(
                        f"{self._title()} has two parts named {name!r}; rename the attribute {attribute!r}"
                    )
                seen.add(name)
                yield name, part


def as_list(output: Any) -> list[Value]:
    """The output of a module as a list, also where it is a single Value.

    >>> as_list(Value(1.0))
    [Value(1.0)]
    """
    return output if isinstance(output, list) else [output]


def _parts(name: str, value: object) -> "Iterator[tuple[str, Module | Value]]":
    """The modules and parameters that an attribute holds, named."""
    if isinstance(value, Module) or (isinstance(value, Value) and value.role == "parameter"):
        yield name, value
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value, 1):
            yield from _parts(f"{_singular(name)}{place}", item)


def _singular(name: str) -> str:
    """The name of one of several, without the plural's s.

    >>> _singular("layers"), _singular("w"), _singular("bias")
    ('layer', 'w', 'bias')
    """
    return name if name.endswith(("ss", "as", "us", "is")) else name.removesuffix("s")


def _stamp(part: Module | Value, name: str, path: str) -> None:
    """Writes into a part, and all inside it, how it is named and where it is."""
    if isinstance(part, Value):
        part.label, part.scope = name, path
        return
    super(Module, part).__setattr__("_name", name)
    super(Module, part).__setattr__("_path", _join(path, name))
    for inner_name, inner in part._named_parts():
        _stamp(inner, inner_name, part._path)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _some(what: str, names: list[str]) -> str:
    """The first few of the names that are missing or unknown, for a message."""
    if not names:
        return ""
    shown = ", ".join(sorted(names)[:4])
    return f"{what} {shown}{f' and {len(names) - 4} more' if len(names) > 4 else ''}; "
