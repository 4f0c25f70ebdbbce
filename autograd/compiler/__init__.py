"""The compiler: turns a graph into a program that runs without it."""

from autograd.compiler.compile import compile_graph
from autograd.compiler.function import CompiledFunction
from autograd.compiler.program import Program
from autograd.compiler.trace.symbol import Symbol, TracingError

__all__ = ["CompiledFunction", "Program", "Symbol", "TracingError", "compile_graph"]
