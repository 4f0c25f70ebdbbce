cimport cython


@cython.locals(wanted=bytearray, count=Py_ssize_t, index=Py_ssize_t, place=Py_ssize_t)
cpdef bytearray needed(int[::1] starts, int[::1] operands, object outputs)

cpdef object depth_first(object starts, object operands, object outputs)

@cython.locals(
    length=Py_ssize_t, output=Py_ssize_t, top=Py_ssize_t, index=Py_ssize_t, below=Py_ssize_t, place=Py_ssize_t
)
cdef Py_ssize_t _ordered(
    int[::1] starts, int[::1] operands, int[::1] outputs, bytearray done, int[::1] waiting, int[::1] order
) except -1

@cython.locals(end=Py_ssize_t, index=Py_ssize_t, old=Py_ssize_t, place=Py_ssize_t)
cdef Py_ssize_t _move(
    int[::1] starts, int[::1] operands, int[::1] order, int[::1] new, int[::1] moved_starts, int[::1] moved
) except -1
