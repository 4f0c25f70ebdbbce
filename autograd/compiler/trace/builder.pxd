cimport cython

from autograd.compiler.ir.schedule cimport needed
from autograd.compiler.trace.symbol cimport Symbol, symbol_of


cdef bint COMPILED
cdef tuple _COMMUTATIVE

@cython.auto_pickle(False)
cdef class Builder:
    cdef public object finite_inputs, _results
    cdef public list ops
    cdef int[::1] _starts, _operands, _codes, _table
    cdef Py_ssize_t _entries
    cdef public dict _constants, _calls, _numbers

    cpdef Symbol result(self, object op, tuple indices)
    cdef Py_ssize_t _result_of(self, object op, tuple indices) except -1
    cdef bint _has_constant(self, tuple indices) except -1
    @cython.locals(code=Py_ssize_t, mask=Py_ssize_t, slot=Py_ssize_t, index=Py_ssize_t)
    cdef Py_ssize_t _find(self, object op, tuple key) except? -1
    @cython.locals(index=Py_ssize_t)
    cdef Py_ssize_t _written(self, object op, tuple indices, tuple key) except -1
    cdef bint _is(self, Py_ssize_t index, object op, tuple key) except -1
    @cython.locals(place=Py_ssize_t)
    cdef tuple _operands_of(self, Py_ssize_t index)
    cpdef object index_of(self, object number)
    @cython.locals(mask=Py_ssize_t, slot=Py_ssize_t)
    cdef _enter(self, Py_ssize_t index)
    @cython.locals(old=int[::1], place=Py_ssize_t)
    cdef _enlarge_table(self)
    @cython.locals(index=Py_ssize_t, end=Py_ssize_t)
    cdef Py_ssize_t _write(self, object op, tuple indices) except -1


cdef tuple _ordered(object op, tuple indices)
cdef Py_ssize_t _code(object op, tuple key) except -1

@cython.locals(count=Py_ssize_t, more=int[::1])
cdef int[::1] _doubled(int[::1] numbers)
