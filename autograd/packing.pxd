cimport cython

from autograd.node cimport Node  # its struct


cdef extern from *:
    """
    /* Writes the data of the leaves in a list, if all are leaves that hold floats. Counts no references, which would
       write to each of them. */
    static int pack_in_c(PyObject *leaves, PyTypeObject *kind, PyObject *packed, Py_ssize_t index) {
        Py_ssize_t count = PyList_GET_SIZE(leaves);
        double *numbers = (double *)PyByteArray_AS_STRING(packed) + index;
        if (index + count > PyByteArray_GET_SIZE(packed) / (Py_ssize_t)sizeof(double)) return 0;
        for (Py_ssize_t i = 0; i < count; i++) {
            struct node *leaf = (struct node *)PyList_GET_ITEM(leaves, i);
            if (Py_TYPE(leaf) != kind || leaf->a != Py_None || !PyFloat_CheckExact(leaf->data)) return 0;
            numbers[i] = PyFloat_AS_DOUBLE(leaf->data);
        }
        return 1;
    }
    """
    cpdef bint _pack_list "pack_in_c"(list leaves, type kind, object packed, Py_ssize_t index)


cdef bint COMPILED

@cython.locals(index=Py_ssize_t)
cpdef bint _pack_floats(object groups, bytearray packed)
