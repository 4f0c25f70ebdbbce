"""A routine as machine code, by LLVM."""
