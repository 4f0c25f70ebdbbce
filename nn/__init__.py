"""Neurons, networks and their training, built on `autograd`."""

import sys

from autograd.core import is_pure, use_sources

if is_pure():  # before anything else of the package is imported
    use_sources(__path__)

from nn import datasets
from nn.activations import ACTIVATIONS, elu, gelu, hardtanh, selu, silu, softsign
from nn.initialization import kaiming_uniform, xavier_uniform
from nn.losses import (
    LOSSES,
    LabelError,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    mse_loss,
    nll_loss,
)
from nn.metrics import accuracy, confusion_matrix, f1, precision, recall
from nn.modules.dropout import Dropout
from nn.modules.layer import Layer
from nn.modules.mlp import MLP
from nn.modules.module import Module, ParameterError
from nn.modules.neuron import Neuron
from nn.modules.penalties import l1_penalty, l2_penalty
from nn.modules.perceptron import NoConvergenceWarning, Perceptron
from nn.modules.summary import summary
from nn.modules.torch_export import to_torch
from nn.optimizers import LBFGS, SGD, Adam, AdamW, Optimizer
from nn.preprocessing import Standardizer, augment, one_hot, standardize
from nn.probability import log_softmax, softmax
from nn.static import static
from nn.storage import StorageError
from nn.training.callbacks import Checkpoint, EarlyStopping
from nn.training.history import History
from nn.training.loop import fit
from nn.training.prediction import predict

__all__ = [
    "ACTIVATIONS",
    "LBFGS",
    "LOSSES",
    "MLP",
    "SGD",
    "Adam",
    "AdamW",
    "Checkpoint",
    "Dropout",
    "EarlyStopping",
    "History",
    "LabelError",
    "Layer",
    "Module",
    "Neuron",
    "NoConvergenceWarning",
    "Optimizer",
    "ParameterError",
    "Perceptron",
    "Standardizer",
    "StorageError",
    "accuracy",
    "augment",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "confusion_matrix",
    "cross_entropy",
    "datasets",
    "elu",
    "f1",
    "fit",
    "gelu",
    "half_squared_error",
    "hardtanh",
    "hinge_loss",
    "kaiming_uniform",
    "l1_penalty",
    "l2_penalty",
    "log_softmax",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "precision",
    "predict",
    "recall",
    "selu",
    "silu",
    "softmax",
    "softsign",
    "standardize",
    "static",
    "summary",
    "to_torch",
    "xavier_uniform",
]

# Pickles from release 0.1 refer to classes by these module names.
for _old, _new in {
    "callbacks": "training.callbacks",
    "recording": "training.recording",
    **{name: f"modules.{name}" for name in ("dropout", "layer", "mlp", "module", "neuron", "perceptron")},
}.items():
    sys.modules[f"nn.{_old}"] = sys.modules[f"nn.{_new}"]
