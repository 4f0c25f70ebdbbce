cimport cython

from autograd.node cimport Node, check_signals, prefetch_before, track


cdef bint COMPILED
cdef object MINUS_ONE, NOT_TAKEN, ONE, ZERO


@cython.locals(leaves=list, operations=list, node=Node, leaf=Node)
cpdef backpropagate(Node root, object gradient)

@cython.locals(node=Node, operand=Node, steps=Py_ssize_t)
cpdef _backpropagate_floats(list operations)
