cimport cython


@cython.locals(numbers=dict, index=Py_ssize_t, start=Py_ssize_t, count=Py_ssize_t)
cpdef object _colour(
    list ops,
    int[::1] starts,
    int[::1] operands,
    dict constants,
    bytearray kind_of,
    bytearray absorbed,
    dict terms_of,
    int[::1] colours,
    int[::1] patterns,
)

@cython.locals(place=Py_ssize_t)
cdef list _listed(int[::1] colours, int[::1] terms)
