cimport cython

from autograd.node cimport Node, Tail, check_signals


cdef bint COMPILED


@cython.locals(node=Node, operand=Node, waiting=list, steps=Py_ssize_t)
cpdef _walk_with_marks(Node root, object number, list leaves, list operations)
