"""What a training program has fixed: all that it depends on, besides the numbers that it reads before its steps."""

from itertools import chain
from typing import TYPE_CHECKING, Any

from nn.attributes import Unknown, described_attribute
from nn.structure import structure_of
from nn.training.kept import described_loss

if TYPE_CHECKING:
    from nn.training.task import Task

__all__ = ["FixedParts"]

_READ = frozenset(("lr", "states", "steps", "epoch", "parameters"))  # of an optimizer; not fixed, or looked at apart


class FixedParts:
    """What the program of a training run has fixed, to notice when a callback changes some of it.

    These are the options of the optimizer, such as its momentum; which parameters it trains; the numbers of the others;
    the structure of the model, if it can be described, see `nn.structure`; and the loss, likewise.

    Arguments:
        task: the training run.

    >>> from nn import MLP, SGD
    >>> from nn.training.task import checked_task
    >>> model = MLP(1, [1])
    >>> given = {"loss": "mse_loss", "epochs": 1, "batch_size": None, "seed": 0, "validation": None, "callbacks": ()}
    >>> sgd = SGD(model.parameters(), momentum=0.9)
    >>> parts = FixedParts(checked_task(model, [[1.0]], [2.0], optimizer=sgd, record=0, compiled=True, **given))
    >>> parts.have_changed
    False
    >>> sgd.momentum = 0.5
    >>> parts.have_changed
    True
    """

    def __init__(self, task: "Task") -> None:
        self._task = task
        trained = set(map(id, task.optimizer.parameters))
        self._frozen = [parameter for parameter in task.parameters if id(parameter) not in trained]
        self._before = self._now()

    @property
    def have_changed(self) -> bool:
        """Whether anything is different now."""
        return self._now() != self._before

    def _now(self) -> tuple[Any, ...]:
        optimizer, structure = self._task.optimizer, structure_of(self._task.model)
        loss, more = described_loss(self._task)
        values = chain.from_iterable([*(structure.groups if structure else ()), *more])
        return (
            [(name, _compared(option)) for name, option in vars(optimizer).items() if name not in _READ],
            list(map(id, optimizer.parameters)),
            [parameter.data for parameter in self._frozen],
            structure and structure.key,
            loss,
            list(map(id, values)),
        )


def _compared(option: Any) -> Any:
    """What stands for an option: what it holds, or only its identity."""
    try:
        return described_attribute(option, [], id)
    except Unknown:
        return id(option)
