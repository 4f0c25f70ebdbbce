"""Seconds of the first compilation in a process, printed: `python -m benchmarks.first training 0`."""

import sys
from functools import partial

import llvmlite.binding  # noqa: F401 - loaded before the clock starts, as are the modules below

import autograd
import nn
from benchmarks.rounds import seconds_of
from benchmarks.tasks import Task, tasks
from benchmarks.train import program


def training(task: Task, model: nn.MLP) -> object:
    """Compiles a training run."""
    return program(task, model, epochs=1)


def gradient(task: Task, model: nn.MLP) -> object:
    """Compiles value and gradient of the loss of one sample, and computes them."""
    return autograd.compile((model([0.5, -0.5]) - 1.0) ** 2, wrt=model.parameters()).value_and_grad()


def main() -> None:
    """Runs the work named by the first argument on the task with the index given by the second."""
    work = {"training": training, "gradient": gradient}[sys.argv[1]]
    task = tasks()[int(sys.argv[2])]
    print(seconds_of(partial(work, task, task.model())))


if __name__ == "__main__":
    main()
