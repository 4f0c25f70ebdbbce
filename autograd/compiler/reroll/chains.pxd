cimport cython


@cython.locals(codes=list, numbers=list, indices=list, operands=tuple)
cpdef tuple _listed(tuple instructions, dict code_of)
