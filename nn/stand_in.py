"""A stand-in for a model: the same modules with other parameters, to run in its place without changing it."""

from collections import deque
from collections.abc import Mapping
from copy import copy
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.numerics import np

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["StandIn"]


class StandIn:
    """A copy of the modules of a model, in which other Values stand in for its parameters.

    Copied are the modules, and the lists, tuples, dicts, sets, deques and arrays of objects that they hold, at any
    depth; methods that they hold are bound to the copies. Everything else is shared with the model.

    Arguments:
        model: the model.
        values: for some of its parameters, the Value that stands in for it. The copy shares the others.

    Attributes:
        model: the copy.
        holds_results: whether the modules hold a Value that is the result of an operation, and so has operands that
            may change before it is computed again.

    >>> from nn import Neuron
    >>> neuron = Neuron(1, weights=[2.0])
    >>> other = StandIn(neuron, {neuron.w[0]: Value(5.0, role="parameter")}).model
    >>> other([1.0]).data, neuron([1.0]).data
    (5.0, 2.0)
    """

    model: Any
    holds_results: bool = False

    def __init__(self, model: "ModuleBase", values: Mapping[Value, Value]) -> None:
        self._values = values
        self._modules = {id(module) for _, module in model.named_modules()}
        self._copies: dict[int, Any] = {}
        self._originals: dict[int, tuple[Any, Any]] = {}
        self.model = self._copy(model)

    def original(self, module: Any) -> Any:
        """Returns the module of the model of which `module` is the copy; one that is not a copy is its own."""
        return self._originals.get(id(module), (module, module))[1]

    def _copy(self, held: Any) -> Any:
        """Returns what stands in for an object that a module holds."""
        if isinstance(held, Value):
            self.holds_results |= bool(held.operands)
            return self._values.get(held, held)
        if id(held) in self._copies:
            return self._copies[id(held)]
        if id(held) in self._modules:
            return self._copy_of_module(held)
        if isinstance(held, (list, deque)) or (isinstance(held, np.ndarray) and held.dtype == object):
            return self._copy_of_sequence(held)
        if isinstance(held, dict):
            made = self._copies[id(held)] = copy(held)
            for key, item in held.items():
                made[key] = self._copy(item)
            return made
        if isinstance(held, set):
            return copy(held)
        if isinstance(held, tuple):
            items = [self._copy(item) for item in held]
            same = all(item is before for item, before in zip(items, held, strict=True))
            return held if same else type(held)._make(items) if hasattr(held, "_make") else tuple(items)
        if isinstance(held, MethodType):
            return MethodType(held.__func__, self._copy(held.__self__))
        if isinstance(held, partial):
            options = {name: self._copy(option) for name, option in held.keywords.items()}
            return partial(self._copy(held.func), *map(self._copy, held.args), **options)
        return held

    def _copy_of_module(self, module: Any) -> Any:
        made = self._copies[id(module)] = object.__new__(type(module))
        self._originals[id(made)] = made, module
        for name, held in vars(module).copy().items():  # another thread may name the module meanwhile
            vars(made)[name] = self._copy(held)
        vars(made)["_called"] = True  # its members have names
        return made

    def _copy_of_sequence(self, items: Any) -> Any:
        made = self._copies[id(items)] = copy(items)
        flat = made.flat if isinstance(made, np.ndarray) else made
        for index, item in enumerate(list(flat)):
            flat[index] = self._copy(item)
        return made
