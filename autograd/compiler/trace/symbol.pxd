cimport cython


@cython.auto_pickle(False)
@cython.freelist(1024)
@cython.no_gc(True)  # a builder holds no symbols
cdef class Symbol:
    cdef readonly object builder
    cdef readonly int index


@cython.locals(symbol=Symbol)
cpdef Symbol symbol_of(object builder, int index)
cpdef Symbol _unary(object op, Symbol a)
cpdef Symbol _binary(object op, Symbol a, object b)
cpdef Symbol _reversed(object op, object a, Symbol b)
