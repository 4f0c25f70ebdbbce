cimport cython

from autograd.arithmetic cimport select
from autograd.node cimport Node, check_signals


cdef bint COMPILED
cdef object MINUS_ONE, NOT_TAKEN, ONE, ZERO

@cython.locals(gradients=dict, conditions=dict, node=Node)
cpdef dict gradients_of(list operations, object leaves, object seed=?)

@cython.locals(operand=Node, slot=Py_ssize_t)
cpdef _pass_on(
    Node node, object local_derivatives, dict gradients, dict conditions, object leaves, list uses
)
cpdef tuple _contribution(object op, object upstream, object local, object condition)
cpdef bint _makes_0_of_0(object local)
cpdef object _both(object taken, object condition)
cpdef object _either(object condition, object other)
cpdef object _product(object upstream, object local)
