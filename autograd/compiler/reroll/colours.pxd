cimport cython


@cython.locals(
    numbers=dict, colours=list, patterns=list, terms_of=dict, kind_of=list, absorbed=list, operands=tuple, listed=list
)
cpdef tuple coloured(tuple instructions, object kinds, object chains)
