# What this module and those that import it from C know about its types. See CONTRIBUTING.md on the compiled core.

cimport cython


cdef extern from *:
    """
    static void track_in_c(PyObject *node) { PyObject_GC_Track(node); }
    static void untrack_in_c(PyObject *node) { PyObject_GC_UnTrack(node); }
    static Py_hash_t identity_hash_in_c(PyObject *node) { return PyBaseObject_Type.tp_hash(node); }
    """
    cpdef int check_signals "PyErr_CheckSignals"() except -1
    cpdef Py_hash_t _identity_hash "identity_hash_in_c"(object node)
    cpdef bint is_tracked "PyObject_GC_IsTracked"(object node)
    cpdef void _track "track_in_c"(object node)
    cpdef void _untrack "untrack_in_c"(object node)


@cython.auto_pickle(False)
@cython.trashcan(True)  # without it, freeing a long chain of nodes overflows C's stack
cdef class Node:
    cdef public object data, grad, op, label, scope
    cdef public Node _a, _b
    cdef public object _da, _db, _rest, _mark, _compared


@cython.auto_pickle(False)
@cython.trashcan(True)
cdef class Tail(Node):
    pass


cpdef settle(Node node)
cpdef track(Node node)
cdef bint _may_be_in_a_cycle(Node node)
