"""The base class of everything with parameters: it names them, and marks the nodes that it creates with its path."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from reprlib import recursive_repr
from typing import Any, Self

from autograd import Value, array
from autograd.collector import collector_paused
from autograd.contexts import call_in_scope
from autograd.html_table import html_table
from autograd.notation.characters import on_one_line
from autograd.numerics import np, npt
from autograd.validation import assigned_number, plain_number
from nn.assignment import assign
from nn.modes import held_mode
from nn.naming import ParameterError, join, named_items, shown
from nn.storage import load, save
from nn.training import loop
from nn.training.prediction import predict

__all__ = ["Module", "ModuleBase", "ParameterError"]


class ModuleBase:
    """A module without `fit`, for models with their own learning rule. See `Module`."""

    inputs: int | None = None  # the length of a sample; None accepts any
    _name: str = ""
    _path: str = ""
    _called: bool = False
    _default_mode: bool = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if isinstance(vars(cls).get("training"), bool):  # it would hide the property
            cls._default_mode = vars(cls)["training"]
            delattr(cls, "training")

    @property
    def training(self) -> bool:
        """Whether the module is in training mode; while `fit` or `predict` runs it, the mode that this call needs."""
        held = held_mode()
        mode: bool = vars(self).get("training", self._default_mode) if held is None else held
        return mode

    @training.setter
    def training(self, mode: bool) -> None:
        vars(self)["training"] = mode

    def forward(self, inputs: list[Value]) -> Any:
        """Computes the output for one sample: a Value, or a list of several. Every subclass defines it."""
        raise NotImplementedError(f"{type(self).__name__} must define forward(self, inputs)")

    def __call__(self, x: Any) -> Any:
        """Returns the output for one sample, or for each row of a 2-D array.

        Arguments:
            x: the numbers or Values of one sample (a list or a 1-D array; or just a single one), or samples × inputs
                (a 2-D array or a list of rows); tensors and DataFrames are taken as arrays. Numbers become inputs
                labelled x1, x2, ...

        Returns:
            For a sample, a Value, or a list of several outputs. For an array, an array of Values, of shape (samples,)
            or (samples, outputs).

        Raises:
            ValueError: if a sample does not have as many numbers as the module has inputs.
        """
        if not self._called:
            for _, module in self.named_modules():  # names members added to lists after these were assigned
                module._called = True
        if hasattr(x, "__array__") and not isinstance(x, (np.ndarray, Value)):  # such as a DataFrame or a tensor
            x = np.asarray(x)
        if _has_rows(x):
            return array([self(list(row)) for row in x])
        sample = list(x) if isinstance(x, (list, tuple)) or (isinstance(x, np.ndarray) and x.ndim) else [x]
        if self.inputs is not None and len(sample) != self.inputs:
            raise ValueError(f"a sample for {self._title()} must have {self.inputs} numbers, not {len(sample)}: {x!r}")
        inputs = [v if isinstance(v, Value) else Value(v, f"x{i}", role="input") for i, v in enumerate(sample, 1)]
        output = call_in_scope(self._name, self.forward, inputs)
        return output[0] if isinstance(output, list) and len(output) == 1 else output

    def __setattr__(self, name: str, value: object) -> None:
        members = named_items(name, value, _is_member)
        for path, member in members:
            if isinstance(member, ModuleBase):
                member._walk(path, (self,))  # raises if this module is inside
        super().__setattr__(name, value)
        for member_name, member in members:
            _stamp(member, member_name, self._path)

    def named_children(self) -> "Iterator[tuple[str, ModuleBase]]":
        """The modules directly inside, with their names, in order of assignment."""
        return ((name, member) for name, member in self._named_members() if isinstance(member, ModuleBase))

    def named_modules(self, prefix: str = "") -> "Iterator[tuple[str, ModuleBase]]":
        """This module and all modules inside it, at any depth, with their paths; its own path is the prefix."""
        return ((join(*path), member) for *path, member in self._walk(prefix) if isinstance(member, ModuleBase))

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Value]]:
        """All parameters with their paths, such as "layer1.neuron2.w1"."""
        return ((join(*path), member) for *path, member in self._walk(prefix) if isinstance(member, Value))

    def parameters(self) -> list[Value]:
        """Returns all parameters, in the order of `named_parameters`; one with several names appears once."""
        return list(dict.fromkeys([member for _, _, member in self._walk("") if isinstance(member, Value)]))

    def zero_grad(self) -> None:
        """Clears the gradient of every parameter."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Self:
        """Puts this module and all modules inside it into training mode, or into evaluation mode if `mode` is False.

        Returns:
            The module itself.
        """
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Puts the module into evaluation mode: `train(False)`."""
        return self.train(False)

    def state_dict(self) -> dict[str, float]:
        """Returns a dict that maps the path of every parameter to its number.

        Raises:
            TypeError: if the data of a parameter is not a real number.
        """
        return {name: assigned_number(parameter) for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Sets every parameter to the number under its path.

        Raises:
            ParameterError: if a path is missing or unknown; nothing is changed.
            TypeError: if the state is not a mapping, or holds something other than real numbers; nothing is changed.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"a state must map paths of parameters to numbers, as state_dict() does, not {state!r}")
        own = dict(self.named_parameters())
        missing, unknown = [*(own.keys() - state.keys())], [*(state.keys() - own.keys())]
        if missing or unknown:
            raise ParameterError(
                f"a state for {self._title()} must name its {len(own)} parameters; this one, with {len(state)} names, "
                f"{'; '.join(_some('lacks', missing) + _some('has the unknown', unknown))}"
            )
        numbers = {name: plain_number(number, f"the state of {shown(str(name))}") for name, number in state.items()}
        assign(list(own.values()), [numbers[name] for name in own])

    def save(self, path: str | Path) -> None:
        """Writes the parameters to a file, as data without code. See `load`.

        The file is always complete: until it is on disk, the old one is kept. It has the old one's permissions; if
        `path` is a symbolic link, the file that it points to is written. Parameters that are nan or inf, as after a
        training run that diverged, are written too.

        Raises:
            StorageError: if the file cannot be written, for example because a read-only file, a folder or a pipe has
                this name; the old file is unchanged.
            TypeError: if the data of a parameter is not a real number; the old file is unchanged.
        """
        save(self.state_dict(), Path(path))

    def load(self, path: str | Path, *, allow_nonfinite: bool = False) -> None:
        """Loads the parameters that `save` wrote, bit for bit, into this model.

        The file may come from a stranger: it cannot run code, and what is read is bounded by the size of the model.

        Arguments:
            path: the file.
            allow_nonfinite: whether the parameters may be nan or inf.

        Raises:
            StorageError: if the file is missing, damaged, too large for this model, not a regular file, or of another
                version, or if a parameter in it is not finite; nothing is changed.
            ParameterError: if it holds another model's parameters; nothing is changed.
        """
        names = [name for name, _ in self.named_parameters()]
        self.load_state_dict(load(Path(path), names, allow_nonfinite=allow_nonfinite))

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Returns the outputs for each row of X, as floats; see `nn.predict`."""
        return predict(self, X)

    @recursive_repr()
    def __repr__(self) -> str:
        children = [f"  ({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        return "\n".join([f"{self._title()}(", *children, ")"]) if children else f"{self._title()}()"

    def _repr_html_(self) -> str:
        """A table of the modules inside, for notebooks; or the plain text of a class that has its own."""
        if type(self).__repr__ is not ModuleBase.__repr__:
            return f"<code>{escape(repr(self))}</code>"
        total = ("total", "", f"{len(self.parameters()):,}")
        return html_table(self._title(), ("name", "module", "parameters"), [*self._members(""), total], (0, 1))

    def _members(self, path: str) -> "Iterator[tuple[str, str, str]]":
        """Yields the name, the text and the number of parameters of each module inside that has its own text."""
        for name, child in self.named_children():
            if type(child).__repr__ is ModuleBase.__repr__ and any(True for _ in child.named_children()):
                yield from child._members(join(path, name))
            else:
                yield on_one_line(join(path, name)), on_one_line(repr(child)), f"{len(child.parameters()):,}"

    def _title(self) -> str:
        return type(self).__name__

    @collector_paused
    def _walk(self, path: str, above: "tuple[ModuleBase, ...]" = ()) -> "list[tuple[str, str, ModuleBase | Value]]":
        """Returns this module and all members inside it, at any depth, and names each on the way.

        Before each member stand the path of the module that holds it, and its name; before this one "" and its path.

        Raises:
            ParameterError: if a module contains itself, or one of `above`.
        """
        if any(module is self for module in above):
            raise ParameterError(f"a module must not contain itself, as {self._title()} does at {path!r}")
        found: list[tuple[str, str, ModuleBase | Value]] = [("", path, self)]
        scope = self._path
        for name, member in self._named_members():
            if isinstance(member, ModuleBase):
                _name_module(member, name, scope)
                found += member._walk(join(path, name), (*above, self))
            else:
                member.label, member.scope = name, scope
                found.append((path, name, member))
        return found

    def _named_members(self) -> "Iterable[tuple[str, ModuleBase | Value]]":
        """The modules and parameters directly inside, with their names."""
        members: dict[str, ModuleBase | Value] = {}
        for attribute, value in vars(self).copy().items():  # another thread may name the module meanwhile
            further = named_items(attribute, value, _is_member)
            found = dict(further)
            if len(found) < len(further) or not members.keys().isdisjoint(found):
                counts = Counter([*members, *(name for name, _ in further)])
                name = next(name for name, count in counts.items() if count > 1)
                raise ParameterError(
                    f"{self._title()} has two members named {name!r}; rename the attribute {attribute!r}"
                )
            members |= found
        return members.items()


class Module(ModuleBase):
    """A model, or a part of one. Subclass it, assign parameters and modules to attributes, and define `forward`.

    Members are named after their attributes. Those in a list are numbered from 1, without a plural s: the first of
    `self.layers` is "layer1", the second of `self.w` is "w2". In a matrix, the first is "w11"; in a dict, the one with
    the key "left" is "w.left". Parameters are Values of role "parameter". They get that name as their label, and every
    node created while a module runs gets the module's path ("layer1.neuron2") as its scope. A member added to a list,
    array or dict after its assignment is named at the module's first call, and whenever parameters are requested.

    Attributes:
        training: whether dropout is active; see `train` and `eval`.

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

    fit = loop.fit


def _has_rows(x: Any) -> bool:
    """Whether x is an array of samples: 2-D, or a list of lists."""
    if isinstance(x, np.ndarray):
        return x.ndim == 2
    return isinstance(x, (list, tuple)) and bool(x) and all(isinstance(row, (list, tuple, np.ndarray)) for row in x)


def _is_member(value: object) -> bool:
    if isinstance(value, Value):
        return value.role == "parameter"
    return isinstance(value, ModuleBase)


def _stamp(member: ModuleBase | Value, name: str, path: str) -> None:
    """Sets the name and the path of a member, and of all members inside it."""
    if isinstance(member, Value):
        member.label, member.scope = name, path
        return
    _name_module(member, name, path)
    member._walk(name)


def _name_module(module: ModuleBase, name: str, path: str) -> None:
    object.__setattr__(module, "_name", name)
    object.__setattr__(module, "_path", join(path, name))


def _some(what: str, names: Sequence[object]) -> list[str]:
    """Returns the first few missing or unknown names as text for a message, or an empty list."""
    if not names:
        return []
    first = ", ".join(shown(name) for name in sorted(map(str, names))[:4])
    return [f"{what} {first}{f' and {len(names) - 4} more' if len(names) > 4 else ''}"]
