cimport cython

from autograd.arithmetic cimport divide, power
from autograd.node cimport Node, Tail, track, untrack


cdef extern from *:
    """
    struct __pyx_obj_8autograd_5value_Value;  /* Value, as Cython names it */
    static struct __pyx_obj_8autograd_5value_Value *new_node(PyTypeObject *type) {
        PyObject *no_arguments = PyTuple_New(0);
        PyObject *node = type->tp_new(type, no_arguments, NULL);
        Py_DECREF(no_arguments);
        return (struct __pyx_obj_8autograd_5value_Value *)node;
    }
    """
    cpdef Value _new "new_node"(type kind)


@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Value(Node):
    pass


cdef bint COMPILED
cdef object CARRIER, MINUS_ONE, NOT_TAKEN, ONE, ZERO, _current_scope, _current_leaves

cpdef Value _record(object op, object data, Node a, object da, Node b=?, object db=?, object rest=?)
cpdef object _operand(object other)
