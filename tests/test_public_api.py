"""The public API: what the packages export, and the methods of what they export, each with its signature.

`SCALAR_AUTOGRAD_PURE=1 python tests/test_public_api.py` rewrites `public_api.txt` after an intended change: the record
is that of the engine without its compiled core. The file makes such a change visible in a diff; the changelog names it.
"""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.foreign_attributes import ForeignAttribute

LISTING = Path(__file__).with_name("public_api.txt")
PACKAGES = ("autograd", "nn", "viz")


def signature(function):
    """The parameters with their kinds and defaults; annotations, which name modules, are left out."""
    if isinstance(function, type) and issubclass(function, np.ndarray):
        return "(...)"  # only some versions of NumPy have a signature for the constructor
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # a builtin that a class inherits
        return "(...)"
    bare = [p.replace(annotation=p.empty, default=Default(p.default)) for p in parameters]
    return str(inspect.Signature(bare))


class Default:
    """A default value as displayed: without the address that some objects have in their repr."""

    def __new__(cls, value):
        return value if value is inspect.Parameter.empty else super().__new__(cls)

    def __init__(self, value):
        self.text = getattr(value, "__name__", None) or repr(value)

    def __repr__(self):
        return self.text


def members(cls):
    """The public members that our packages define in a class, including inherited ones and operators."""
    for name in sorted(dir(cls)):
        owner = next((base for base in cls.__mro__ if name in vars(base)), None)
        ours = owner is not None and owner.__module__.split(".")[0] in ("autograd", "nn", "viz")
        operator = name.startswith("__") and name.endswith("__") and name not in vars(object)
        if not ours or (name.startswith("_") and not operator) or name in HOUSEKEEPING:
            continue
        member = inspect.getattr_static(cls, name)
        if isinstance(member, ForeignAttribute):  # there to say that it is not there
            continue
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        yield name, signature(member) if inspect.isfunction(member) else ""


# what Python itself adds to a class or a dataclass
HOUSEKEEPING = {
    "__annotations__",
    "__dataclass_fields__",
    "__dataclass_params__",
    "__dict__",
    "__getnewargs__",
    "__match_args__",
    "__module__",
    "__orig_bases__",
    "__parameters__",
    "__protocol_attrs__",
    "__non_callable_proto_members__",
    "__replace__",
    "__slotnames__",
    "__slots__",
    "__static_attributes__",
    "__firstlineno__",
    "__weakref__",
    "__abstractmethods__",
    "__annotate_func__",
    "__annotations_cache__",
    "__conditional_annotations__",
}


def listed():
    """One line for each name, and for each member of a class; then the members of what `autograd.compile` returns."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in sorted(module.__all__):
            thing = getattr(module, name)
            if isinstance(thing, type):
                yield f"{package}.{name}{signature(thing)}"
                yield from (f"{package}.{name}.{member}{shown}" for member, shown in members(thing))
            elif callable(thing):
                yield f"{package}.{name}{signature(thing)}"
            elif isinstance(thing, dict):
                yield f"{package}.{name}: {', '.join(sorted(thing))}"
            else:
                yield f"{package}.{name}"
    for name, output in {"program": autograd.Value(1.0), "compiled_function": autograd.tanh}.items():
        made = type(autograd.compile(output))
        yield from (f"{name}.{member}{shown}" for member, shown in members(made))


@pytest.mark.pure_python
def test_the_public_api_is_the_one_on_record():
    assert list(listed()) == LISTING.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    LISTING.write_text("\n".join(listed()) + "\n", encoding="utf-8")
