cimport cython


@cython.auto_pickle(False)
@cython.freelist(1024)
cdef class Symbol:
    cdef readonly object builder, index


cpdef Symbol _unary(object op, Symbol a)
cpdef Symbol _binary(object op, Symbol a, object b)
cpdef Symbol _reversed(object op, object a, Symbol b)
