cimport cython

from autograd.arithmetic cimport divide, power
from autograd.node cimport Node, Tail, data_of, may_be_in_a_cycle, settle, track


cdef extern from *:
    """
    struct __pyx_obj_8autograd_5value_Value;  /* Value, as Cython names it */

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

    /* The node of an operation, of which the garbage collector does not know yet. It takes all its slots at once: set
       one after the other, they would hold None first, whose references would be counted again and again. */
    static struct __pyx_obj_8autograd_5value_Value *new_operation(
        PyTypeObject *kind, PyObject *op, PyObject *data, PyObject *a, PyObject *da, PyObject *b, PyObject *db,
        PyObject *rest, PyObject *grad, PyObject *label
    ) {
        PyObject *scope = current_scope();
        struct node *node = scope == NULL ? NULL : PyObject_GC_New(struct node, kind);
        if (node == NULL) {
            Py_XDECREF(scope);
            return NULL;
        }
        node->data = Py_NewRef(data);
        node->grad = Py_NewRef(grad);
        node->op = Py_NewRef(op);
        node->label = Py_NewRef(label);
        node->scope = scope;
        node->a = Py_NewRef(a);
        node->b = Py_NewRef(b);
        node->da = Py_NewRef(da);
        node->db = Py_NewRef(db);
        node->rest = Py_NewRef(rest);
        node->compared = Py_NewRef(Py_None);
        node->mark = 0;
        return (struct __pyx_obj_8autograd_5value_Value *)node;
    }
    """
    cpdef Value _new_operation "new_operation"(
        type kind, object op, object data, object a, object da, object b, object db, object rest, object grad, object label
    )
    cpdef object _current_scope "current_scope"()


@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Value(Node):
    pass


cdef bint COMPILED
cdef object CARRIER, MINUS_ONE, NOT_TAKEN, ONE, ZERO, _current_leaves

@cython.locals(node=Value)
cpdef Value _operation(object op, object data, Node a, object da, Node b, object db, object rest)
cpdef Value _record(object op, object data, Node a, object da, Node b=?, object db=?, object rest=?)
cpdef object _operand(object other)
cpdef bint _made_float(object operand) except -1
cpdef bint _is_carried(object number)
