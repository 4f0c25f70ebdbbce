cimport cython

from autograd.arithmetic cimport divide, power
from autograd.node cimport Node, Tail, settle, track


cdef extern from *:
    """
    struct __pyx_obj_8autograd_5value_Value;  /* Value, as Cython names it */

    /* A node whose slots, which are all that it consists of, hold None; the garbage collector does not know it yet. */
    static struct __pyx_obj_8autograd_5value_Value *new_node(PyTypeObject *type) {
        PyObject *node = PyObject_GC_New(PyObject, type);
        if (node != NULL) {
            PyObject **end = (PyObject **)((char *)node + type->tp_basicsize);
            for (PyObject **slot = (PyObject **)(node + 1); slot < end; slot++) {
                Py_INCREF(Py_None);
                *slot = Py_None;
            }
        }
        return (struct __pyx_obj_8autograd_5value_Value *)node;
    }

    static PyObject *current_scope(void) {
        static PyObject *variable = NULL;
        PyObject *scope = NULL;
        if (variable == NULL) {
            PyObject *module = PyImport_ImportModule("autograd.value");
            variable = module == NULL ? NULL : PyObject_GetAttrString(module, "_scope");
            Py_XDECREF(module);
        }
        if (variable != NULL) {
            PyContextVar_Get(variable, NULL, &scope);
        }
        return scope;
    }
    """
    cpdef Value _new "new_node"(type kind)
    cpdef object _current_scope "current_scope"()


@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Value(Node):
    pass


cdef bint COMPILED
cdef object CARRIER, MINUS_ONE, NOT_TAKEN, ONE, ZERO, _current_leaves

cpdef Value _record(object op, object data, Node a, object da, Node b=?, object db=?, object rest=?)
cpdef object _operand(object other)
cpdef bint _made_float(object operand) except -1
cpdef bint _is_carried(object number)
