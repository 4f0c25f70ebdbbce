cimport cython


@cython.locals(wanted=bytearray, index=Py_ssize_t)
cpdef bytearray needed(object operands, object outputs)

@cython.locals(order=list, done=bytearray, waiting=list)
cpdef list depth_first(object operands, object outputs)
