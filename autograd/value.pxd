cimport cython

from autograd.arithmetic cimport divide, power
from autograd.node cimport Node, Tail, settle, track


cdef extern from *:
    """
    struct __pyx_obj_8autograd_5value_Value;  /* Value, as Cython names it */

    /* An attribute of a module, which is kept. */
    static PyObject *attribute(PyObject **kept, const char *module_name, const char *name) {
        if (*kept == NULL) {
            PyObject *module = PyImport_ImportModule(module_name);
            *kept = module == NULL ? NULL : PyObject_GetAttrString(module, name);
            Py_XDECREF(module);
        }
        return *kept;
    }

    static PyObject *current_scope(void) {
        static PyObject *variable = NULL;
        PyObject *scope = NULL;
        if (attribute(&variable, "autograd.value", "_scope") != NULL) {
            PyContextVar_Get(variable, NULL, &scope);
        }
        return scope;
    }

    /* A node that the garbage collector does not know yet. Slots that are the same in most operations have been set. The
       others hold None, all references to which are counted at once: one at a time, that takes as long as an addition. */
    static struct __pyx_obj_8autograd_5value_Value *new_node(PyTypeObject *kind) {
        static PyObject *zero = NULL, *empty = NULL;
        PyObject *scope = current_scope();
        struct node *node = NULL;
        if (scope != NULL && attribute(&zero, "autograd.node", "ZERO") != NULL
            && (empty != NULL || (empty = PyUnicode_New(0, 0)) != NULL)) {
            node = PyObject_GC_New(struct node, kind);
        }
        if (node == NULL) {
            Py_XDECREF(scope);
            return NULL;
        }
        node->data = node->op = node->a = node->da = node->b = node->db = node->rest = node->compared = Py_None;
        #if PY_VERSION_HEX < 0x030C0000  /* later, None is immortal */
        Py_SET_REFCNT(Py_None, Py_REFCNT(Py_None) + 8);
        #endif
        node->grad = Py_NewRef(zero);
        node->label = Py_NewRef(empty);
        node->scope = scope;
        node->mark = 0;
        return (struct __pyx_obj_8autograd_5value_Value *)node;
    }

    /* Frees a Value. Unlike the function that Cython writes, it asks for all that a node refers to at once, and waits for
       memory once instead of at each of them. */
    static void dealloc(PyObject *object) {
        struct node *node = (struct node *)object;
        PyObject_GC_UnTrack(object);
        Py_TRASHCAN_BEGIN(object, dealloc)
        PREFETCH(node->a);
        PREFETCH(node->b);
        PREFETCH(node->data);
        PREFETCH(node->grad);
        PREFETCH(node->da);
        PREFETCH(node->db);
        Py_XDECREF(node->data);
        Py_XDECREF(node->grad);
        Py_XDECREF(node->op);
        Py_XDECREF(node->label);
        Py_XDECREF(node->scope);
        Py_XDECREF(node->da);
        Py_XDECREF(node->db);
        Py_XDECREF(node->rest);
        Py_XDECREF(node->compared);
        Py_XDECREF(node->a);
        Py_XDECREF(node->b);
        Py_TYPE(object)->tp_free(object);
        Py_TRASHCAN_END
    }
    static void use_dealloc_in_c(PyTypeObject *type) { type->tp_dealloc = dealloc; }
    """
    cpdef void _use_dealloc "use_dealloc_in_c"(type kind)
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
