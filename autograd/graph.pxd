cimport cython

from autograd.node cimport Node, Tail


@cython.locals(node=Node, operand=Node, waiting=list)
cpdef _walk_with_marks(Node root, object number, list leaves, list operations)
