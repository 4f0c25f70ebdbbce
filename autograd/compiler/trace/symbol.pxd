cimport cython


@cython.auto_pickle(False)
@cython.freelist(1024)
cdef class Symbol:
    cdef readonly object builder, index


@cython.locals(symbol=Symbol)
cpdef Symbol symbol_of(object builder, object index)
cpdef Symbol _unary(object op, Symbol a)
cpdef Symbol _binary(object op, Symbol a, object b)
cpdef Symbol _reversed(object op, object a, Symbol b)
