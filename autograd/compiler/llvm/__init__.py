"""Routines as machine code, built by LLVM."""
