cimport cython

from autograd.node cimport Node, Tail, check_signals, prefetch


cdef bint COMPILED
cdef object ZERO


@cython.locals(node=Node, operand=Node, waiting=list, steps=Py_ssize_t)
cpdef _walk_with_marks(Node root, long long number, list leaves, list operations, bint clear_gradients)
