"""The structure of a model: all that its outputs depend on, besides its inputs and the numbers of its Values.

A model is described by a key, from which an equal model can be rebuilt. A program is traced by running a model that was
rebuilt from the key, never the user's own. So the program cannot depend on anything that is not in the key, and serves
every model with that key. Values are not in the key: they are inputs of the program, one for each place where a module
holds a Value, even if several places hold the same one.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import ref

from autograd import Value
from autograd.numerics import np, npt
from autograd.packing import packed_numbers
from nn.activations import ACTIVATIONS
from nn.attributes import Unknown, described_attribute, rebuilt_attribute
from nn.static import is_static

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout

__all__ = [
    "Found",
    "Key",
    "Structure",
    "bare",
    "described",
    "function_key",
    "function_of",
    "known",
    "rebuilt",
    "structure_of",
]

Floats = npt.NDArray[np.float64]
Key = tuple[Any, ...]
M = TypeVar("M")


class Found(NamedTuple):
    """What is found while a model is described, in the order in which it is rebuilt.

    Attributes:
        groups: the Values in the places of the key.
        dropouts: the dropouts.
    """

    groups: list[Sequence[Value]]
    dropouts: "list[Dropout]"


class Structure(NamedTuple):
    """The structure of a model, with what fills it.

    Attributes:
        key: equal keys stand for models that compute the same formula. It keeps no object of a user alive.
        groups, dropouts: see `Found`.
    """

    key: Hashable
    groups: list[Sequence[Value]]
    dropouts: "list[Dropout]"

    def numbers(self) -> Floats | None:
        """Returns the current numbers of the Values; None if one is not a leaf, or does not hold a plain number."""
        packed = packed_numbers(self.groups)
        return None if packed is None else np.frombuffer(packed)


class _Kind(NamedTuple):
    describe: Callable[[Any, Found], Key]
    rebuild: Callable[[Any, Iterator[Value]], Any]


_kinds: dict[type, _Kind] = {}
_classes: dict[type, dict[str, Any]] = {}  # the classes of the package, with their attributes as they were
# Attributes of a class in which Python keeps what it has computed: `copyreg` the names of slots, for copies and pickles
_CACHES = frozenset(("__annotate_func__", "__annotations__", "__annotations_cache__", "__slotnames__"))
_FUNCTIONS = frozenset(ACTIVATIONS.values())
_FUNCTION_TYPES = tuple({FunctionType, *map(type, _FUNCTIONS)})


def known(module: type[M], describe: Callable[[M, Found], Key], rebuild: Callable[[Any, Iterator[Value]], M]) -> None:
    """Makes a class of modules of this package known; its subclasses are not.

    Arguments:
        module: the class.
        describe: returns the key of a module, whose first item is the class, and adds what is found. It raises
            `Unknown`, or a KeyError for an attribute that is missing, if the module may compute anything else.
        rebuild: returns a module, given its key and the Values for its places.
    """
    _kinds[module] = _Kind(describe, rebuild)
    _classes.update((cls, dict(vars(cls))) for cls in module.__mro__[:-1] if cls not in _classes)


def structure_of(model: Any) -> Structure | None:
    """Returns the structure of a model, or None if its outputs may depend on something that cannot be described.

    It can be described if all its modules are of classes of this package, unchanged and without methods of their own,
    with activations of this package, or of classes and with functions that are marked by `nn.static`.
    """
    found = Found([], [])
    for cls, before in _classes.items():
        if vars(cls) != before and _changed(cls, before):
            return None
    try:
        key = described(model, found)
        hash(key)
    except (Unknown, KeyError, RecursionError, TypeError):
        return None
    return Structure(key, *found)


def _changed(cls: type, before: dict[str, Any]) -> bool:
    """Returns whether somebody has replaced a method of a class; notes what Python itself has added."""
    now = dict(vars(cls))
    caches = {name: now.get(name) for name in _CACHES}
    if before | caches != now | caches:
        return True
    _classes[cls] = now
    return False


def described(module: Any, found: Found) -> Key:
    """Returns the key of a module inside a model that is being described.

    Raises:
        Unknown: if it cannot be described.
    """
    cls = type(module)
    kind = _kinds.get(cls)
    if kind is not None:
        return kind.describe(module, found)
    if not is_static(cls):
        raise Unknown
    attributes = tuple(
        (name, described_attribute(value, found.groups, _described_inside(found)))
        for name, value in vars(module).copy().items()  # another thread may name the module meanwhile
        if name not in _NAMING
    )
    return None, _class_key(cls), attributes


def rebuilt(key: Any, values: Iterator[Value]) -> Any:
    """Returns a new module with a key.

    Arguments:
        key: as `described` returned it.
        values: the Values for its places, in the order of `Found.groups`.
    """
    cls, *rest = key
    if cls is not None:
        return _kinds[cls].rebuild(key, values)
    (((weak, _), *_), attributes) = rest
    made = bare(weak())
    for name, attribute in attributes:
        vars(made)[name] = rebuilt_attribute(attribute, values, _rebuilt_inside)
    return made


def bare(cls: type[M], **attributes: Any) -> M:
    """Returns a module with some attributes, made without `__init__`, that does not name its members."""
    made = object.__new__(cls)
    vars(made).update(attributes, _called=True)
    return made


def function_key(function: Any) -> Any:
    """Returns the key of a function that a module calls: itself if it is an activation of this package.

    Raises:
        Unknown: for a function of a user's own that is not marked.
    """
    if _is_own(function):
        return function
    if not isinstance(function, FunctionType) or not is_static(function):
        raise Unknown
    return _marked_key(function)


def _marked_key(function: Any) -> Key:
    """The key of a marked function, or of a method of a marked class.

    Notebooks that reload code replace what is in a function. It is not kept alive, because it may hold a model.
    """
    if not isinstance(function, FunctionType):
        raise Unknown
    defaults = function.__defaults__, function.__kwdefaults__
    return ref(function), function.__code__, described_attribute(defaults, [], function_key)


def _is_own(function: Any) -> bool:
    """Whether a function is an activation of this package, of which some are compiled: not of Python's own type."""
    return isinstance(function, _FUNCTION_TYPES) and function in _FUNCTIONS


def function_of(key: Any) -> Any:
    """Returns the function with a key."""
    return key[0]() if isinstance(key, tuple) else key


_NAMING = frozenset(("_called", "_name", "_path"))  # attributes that have no influence on numbers


def _described_inside(found: Found) -> Callable[[Any], Any]:
    """Returns the function that describes modules and functions inside the attributes of a marked module."""

    def describe(thing: Any) -> Any:
        return function_key(thing) if isinstance(thing, _FUNCTION_TYPES) else described(thing, found)

    return describe


def _rebuilt_inside(key: Any, values: Iterator[Value]) -> Any:
    is_function = not isinstance(key, tuple) or isinstance(key[0], ref)
    return function_of(key) if is_function else rebuilt(key, values)


def _class_key(cls: type) -> Key:
    """The key of a marked class: itself and its bases, each with its methods and numbers as they are now."""
    return tuple((ref(base), _members(base)) for base in cls.__mro__[:-1] if base not in _classes)


def _members(cls: type) -> Key:
    members: list[Any] = []
    for name, member in vars(cls).items():
        if isinstance(member, (staticmethod, classmethod)):
            members.append((name, _marked_key(member.__func__)))
        elif isinstance(member, property):
            members += [(name, _marked_key(part)) for part in (member.fget, member.fset) if part]
        elif isinstance(member, FunctionType):
            members.append((name, _marked_key(member)))
        elif not name.startswith("__"):
            members.append((name, described_attribute(member, [], _refused)))
    return tuple(members)


def _refused(thing: Any) -> Any:
    raise Unknown
