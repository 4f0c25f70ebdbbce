"""The base of everything with parameters: finds and names them, and records where in the model a node was made."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd import Value, array, scope

if TYPE_CHECKING:
    from nn.training.loop import History

__all__ = ["Module", "ParameterError", "as_list"]


class ParameterError(ValueError):
    """Numbers given to a model do not fit its parameters."""


class Module:
    """A part of a model. Derive from it, set parameters and other modules as attributes, and define `forward`.

    Its parts are named by their attributes; those in a list are counted from 1, without the plural's s: the first of
    `self.layers` is "layer1", the second of `self.w` is "w2". In an array the first is "w11", in a dict that of the
    key "left" is "w.left". Parameters are Values of role "parameter"; they get that name as their label, and every
    node made while a module runs gets its path ("layer1.neuron2") as its scope. What is put into a list, array or
    dict after that was assigned is named at the module's first call, and whenever its parameters are asked for.

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
    _called: bool = False

    def forward(self, inputs: list[Value]) -> Any:
        """What the module computes from one sample: a Value, or a list of several. To be defined by each."""
        raise TypeError(f"{type(self).__name__} defines no forward(self, inputs)")

    def __call__(self, x: Any) -> Any:
        """The output for one sample, or for each row of a 2-D array.

        Arguments:
            x: the numbers or Values of one sample (a list, a 1-D array; a single one as it is), or samples × inputs
                (a 2-D array, a list of rows). Numbers become inputs labelled x1, x2, ...

        Returns:
            Of one sample: a Value, or a list of several outputs. Of an array: an array of Values, of shape (samples,)
            or (samples, outputs).

        Raises:
            ValueError: if a sample has not as many numbers as the module has inputs.
        """
        if not self._called:
            self._called = True
            self.parameters()  # names what was put into its lists since they were assigned
        if _has_rows(x):
            return array([self(list(row)) for row in x])
        sample = list(x) if isinstance(x, (list, tuple, np.ndarray)) else [x]
        if self.inputs is not None and len(sample) != self.inputs:
            raise ValueError(f"{self._title()} takes {self.inputs} inputs, but this sample has {len(sample)}: {x!r}")
        inputs = [v if isinstance(v, Value) else Value(v, f"x{i}", role="input") for i, v in enumerate(sample, 1)]
        with scope(self._name):
            output = self.forward(inputs)
        return output[0] if isinstance(output, list) and len(output) == 1 else output

    def __setattr__(self, name: str, value: object) -> None:
        parts = list(_parts(name, value))
        for part_name, part in parts:
            if isinstance(part, Module):
                for _ in part._walk(part_name, (self,)):  # raises where this module is inside
                    pass
        super().__setattr__(name, value)
        for part_name, part in parts:
            _stamp(part, part_name, self._path)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """The modules directly inside, with their names, in order of assignment."""
        return ((name, part) for name, part in self._named_parts() if isinstance(part, Module))

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, "Module"]]:
        """This module and all inside it, at any depth, with their paths; its own is ""."""
        return ((path, part) for path, part in self._walk(prefix) if isinstance(part, Module))

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Value]]:
        """All parameters with their paths, such as "layer1.neuron2.w1"."""
        return ((path, part) for path, part in self._walk(prefix) if isinstance(part, Value))

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
            TypeError: if the state is no mapping, or a number is none; then nothing has changed.
        """
        if not isinstance(state, Mapping):
            raise TypeError(
                f"a state maps the path of each parameter to its number, as state_dict() does, not {state!r}"
            )
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

    def fit(self, X: Any, y: Any, **options: Any) -> "History":
        """Trains the model; see `nn.fit`, which takes the same options and gives the same History."""
        from nn.training.loop import fit

        return fit(self, X, y, **options)

    def predict(self, X: Any) -> npt.NDArray[np.float64]:
        """The outputs for each row of X, as floats; see `nn.predict`."""
        from nn.training.loop import predict

        return predict(self, X)

    @recursive_repr()
    def __repr__(self) -> str:
        children = [f"  ({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        return "\n".join([f"{self._title()}(", *children, ")"]) if children else f"{self._title()}()"

    def _title(self) -> str:
        return type(self).__name__

    def _walk(self, path: str, above: "tuple[Module, ...]" = ()) -> "Iterator[tuple[str, Module | Value]]":
        """This module and all inside it, at any depth, with their paths; names the parts as it meets them.

        Raises:
            ParameterError: if a module contains itself, or one of `above`.
        """
        if any(module is self for module in above):
            raise ParameterError(f"{self._title()} contains itself, at {path!r}; a part does not hold what it is in")
        yield path, self
        for name, part in self._named_parts():
            inner = _join(path, name)
            if isinstance(part, Module):
                _name_module(part, name, self._path)
                yield from part._walk(inner, (*above, self))
            else:
                part.label, part.scope = name, self._path
                yield inner, part

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


def _has_rows(x: Any) -> bool:
    """Whether x is an array of samples: 2-D, or a list of lists."""
    if isinstance(x, np.ndarray):
        return x.ndim == 2
    return isinstance(x, (list, tuple)) and bool(x) and all(isinstance(row, (list, tuple, np.ndarray)) for row in x)


def _parts(name: str, value: object, above: tuple[object, ...] = ()) -> "Iterator[tuple[str, Module | Value]]":
    """The modules and parameters that an attribute holds, named; `above` are the lists that it is in."""
    if isinstance(value, Module) or (isinstance(value, Value) and value.role == "parameter"):
        yield name, value
        return
    if not isinstance(value, (list, tuple, dict)) and not (isinstance(value, np.ndarray) and value.dtype == object):
        return
    if any(container is value for container in above):
        raise ParameterError(f"the {type(value).__name__} at {name!r} contains itself")
    for key, item in _items(value):
        yield from _parts(
            f"{name}.{key}" if isinstance(value, dict) else f"{_singular(name)}{key}", item, (*above, value)
        )


def _items(value: Any) -> Iterator[tuple[object, object]]:
    """What a container holds, each with its key or its place: 1, 2, ..., in an array 11, 12, ..."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, np.ndarray):
        separator = "," if any(size > 9 for size in value.shape) else ""  # as the labels of `autograd.array`
        for place in np.ndindex(value.shape):
            yield separator.join(str(index + 1) for index in place), value[place]
    else:
        yield from enumerate(value, 1)


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
    _name_module(part, name, path)
    for _ in part._walk(name):
        pass


def _name_module(module: Module, name: str, path: str) -> None:
    object.__setattr__(module, "_name", name)
    object.__setattr__(module, "_path", _join(path, name))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _some(what: str, names: list[str]) -> str:
    """The first few of the names that are missing or unknown, for a message."""
    if not names:
        return ""
    shown = ", ".join(sorted(names)[:4])
    return f"{what} {shown}{f' and {len(names) - 4} more' if len(names) > 4 else ''}; "
