# What this module and those that import it from C know about its types. See CONTRIBUTING.md on the compiled core.

cimport cython


cdef extern from *:
    """
    struct node {  /* a Node, as declared below */
        PyObject_HEAD
        PyObject *data, *grad, *op, *label, *scope, *a, *b, *da, *db, *rest, *compared;
        PY_LONG_LONG mark;
    };

    static void track_in_c(PyObject *node) { PyObject_GC_Track(node); }
    static void untrack_in_c(PyObject *node) { PyObject_GC_UnTrack(node); }
    static Py_hash_t identity_hash_in_c(PyObject *node) { return PyBaseObject_Type.tp_hash(node); }

    static int cycle_in_c(PyObject *object) {
        struct node *node = (struct node *)object;
        return !PyFloat_CheckExact(node->data)
            || !PyUnicode_CheckExact(node->op)  /* the name of a user's operation holds its function */
            || (node->a != Py_None && (PyObject_GC_IsTracked(node->a) || !PyFloat_CheckExact(node->da)))
            || (node->b != Py_None && (PyObject_GC_IsTracked(node->b) || !PyFloat_CheckExact(node->db)))
            || (!PyTuple_Check(node->rest) && PyObject_GC_IsTracked(node->rest));
    }

    /* A graph of some ten thousand nodes is larger than a processor's fast caches, and a walk of it waits for the slow
       one at nearly each step, unless what comes a few steps later has been requested before. */
    #if defined(__GNUC__)
    #define PREFETCH(address) __builtin_prefetch(address)
    #else
    #define PREFETCH(address)
    #endif
    static void prefetch_in_c(PyObject *node) {  /* it takes two lines of a cache */
        PREFETCH(node);
        PREFETCH((char *)node + 64);
    }
    static void prefetch_before_in_c(PyObject *operations, Py_ssize_t index) {
        if (index >= 8) {
            prefetch_in_c(PyList_GET_ITEM(operations, index - 8));
            struct node *next = (struct node *)PyList_GET_ITEM(operations, index - 3);
            PREFETCH(next->a);
            PREFETCH(next->da);
            PREFETCH(next->b);
            PREFETCH(next->db);
        }
    }
    """
    cpdef int check_signals "PyErr_CheckSignals"() except -1
    cpdef Py_hash_t _identity_hash "identity_hash_in_c"(object node)
    cpdef bint is_tracked "PyObject_GC_IsTracked"(object node)
    cpdef void _track "track_in_c"(object node)
    cpdef void _untrack "untrack_in_c"(object node)
    cpdef bint _may_be_in_a_cycle "cycle_in_c"(object node)
    cpdef void prefetch "prefetch_in_c"(object node)
    cpdef void prefetch_before "prefetch_before_in_c"(list operations, Py_ssize_t index)


@cython.auto_pickle(False)
@cython.trashcan(True)  # without it, freeing a long chain of nodes overflows C's stack
cdef class Node:
    cdef public object data, grad, op, label, scope
    cdef public Node _a, _b
    cdef public object _da, _db, _rest, _compared
    cdef public long long _mark


@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Tail(Node):
    pass


cpdef settle(Node node)
cpdef track(Node node)
