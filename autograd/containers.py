"""The kinds of containers: what one holds, and how another one is made of other content."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["contained", "opened"]


def opened(data: "Any") -> "tuple[type | None, Sequence[Any], Sequence[Any], Sequence[Any]]":
    """Returns the type, keys and branches of a container, and what its constructor takes besides.

    Of a leaf, the type is None and the others are empty.
    """
    kind = type(data)
    kept: Sequence[Any]
    if data is None:
        return kind, (), (), ()
    if isinstance(data, (list, tuple)):
        return kind, getattr(data, "_fields", range(len(data))), data, ()
    if isinstance(data, dict):
        kept = (data.default_factory,) if hasattr(data, "default_factory") else ()
        return kind, tuple(data), tuple(data.values()), kept
    if not hasattr(kind, "__dataclass_fields__"):
        return None, (), (), ()
    from dataclasses import fields

    if len(kind.__dataclass_fields__) != len(fields(data)):
        _check_init_variables(kind)
    taken = [field for field in fields(data) if field.init]
    kept = [(field.name, getattr(data, field.name)) for field in taken if field.metadata.get("static")]
    names = [field.name for field in taken if not field.metadata.get("static")]
    return kind, names, [getattr(data, name) for name in names], kept


def contained(kind: "Callable[..., Any]", keys: "Sequence[Any]", kept: "Sequence[Any]", branches: "list[Any]") -> "Any":
    """Makes a container of a type, with other branches; keys and what is kept are those that `opened` returned.

    The list of branches becomes part of it.
    """
    if kind is list:
        return branches
    if kind is tuple:
        return tuple(branches)
    if kind is type(None):
        return None
    if not hasattr(kind, "__dataclass_fields__"):
        return _collection(kind, keys, kept, branches)
    return kind(**dict(zip(keys, branches, strict=True)), **dict(kept))


def _collection(
    kind: "Callable[..., Any]", keys: "Sequence[Any]", kept: "Sequence[Any]", branches: "list[Any]"
) -> "Any":
    """Makes a named tuple, a dict, or a collection of a class derived from those of Python."""
    content: list[Any] = branches
    if not hasattr(kind, "_fields"):
        named = dict(zip(keys, branches, strict=True))
        content = [*kept, named if issubclass(kind, dict) else branches]  # type: ignore[arg-type]
    try:
        made = kind(*content)
    except TypeError as error:
        if type(error) is not TypeError:
            raise  # such as that of a compiler about a number that it does not know
        raise _not_made_of_its_content(kind) from error
    if len(made) != len(branches):
        raise _not_made_of_its_content(kind)
    return made


def _not_made_of_its_content(kind: "Callable[..., Any]") -> TypeError:
    return TypeError(
        f"{kind.__name__} must have a constructor that takes its content, and nothing else, as those of Python's "
        "collections do; use a list, a dict or a dataclass"
    )


def _check_init_variables(kind: "Any") -> None:
    """Raises TypeError for a dataclass whose constructor takes something that an instance does not keep."""
    from dataclasses import fields
    from inspect import signature

    own = {field.name for field in fields(kind)}
    for name in signature(kind).parameters:
        if name in kind.__dataclass_fields__.keys() - own:
            raise TypeError(
                f"{kind.__name__} must not have the InitVar {name!r}: an instance does not keep it, so there cannot be "
                "another one with other numbers; make it a field"
            )
