cimport cython


@cython.locals(first=dict, held=dict, weights=list, biases=list, count=Py_ssize_t)
cpdef tuple equal_neurons(list neurons)
