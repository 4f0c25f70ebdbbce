cimport cython

from autograd.compiler.ir.schedule cimport depth_first, needed
from autograd.compiler.trace.symbol cimport Symbol, symbol_of


@cython.auto_pickle(False)
cdef class Builder:
    cdef public object finite_inputs
    cdef public list ops, _operands
    cdef public dict _constants, _calls, _numbers, _results

    cpdef Symbol result(self, object op, tuple indices)
    cpdef dict _results_of(self, object op)
    cpdef object _result_of(self, object op, tuple indices)
    cpdef bint _has_constant(self, tuple indices)
    cpdef object _written(self, object op, tuple indices)
    cpdef object index_of(self, object number)
    cpdef object _write(self, object op, tuple indices)


@cython.locals(ops=list, operands=list, numbers=dict, new=list)
cpdef tuple finished(object written, object results, object gradients)
cpdef object _moved(object op, tuple operands, object number, list new)
