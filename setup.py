"""Builds the compiled core: C extensions of those modules that have a `.pxd` file beside them. See CONTRIBUTING.md.

They are left out where nothing can compile C, in an editable installation, whose sources should take effect at once,
for Python without the global interpreter lock, and if the environment variable SCALAR_AUTOGRAD_PURE is set.
"""

import os
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from setuptools import Extension, setup

DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,  # annotations are for mypy: in C, Node.data would be a double
    "embedsignature": True,
    "embedsignature.format": "clinic",  # for help() and inspect.signature
}
OPTIONS = [] if os.name == "nt" else ["-O2", "-g0"]  # a third of the time and size of Python's own, and as fast


def extensions() -> list[Extension]:
    """Returns the extensions to build; none if the core is unwanted or cannot be built."""
    unwanted = os.environ.get("SCALAR_AUTOGRAD_PURE", "0") not in ("", "0")
    if unwanted or "editable_wheel" in sys.argv or sysconfig.get_config_var("Py_GIL_DISABLED") or not compiles_c():
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    found = sorted(file for package in ("autograd", "nn") for file in Path(package).rglob("*.pxd"))
    modules = [
        Extension(".".join(file.with_suffix("").parts), [str(file.with_suffix(".py"))], extra_compile_args=OPTIONS)
        for file in found
    ]
    return list(cythonize(modules, build_dir="build", compiler_directives=DIRECTIVES, quiet=True))


def compiles_c() -> bool:
    """Returns whether there is a C compiler, and the header of this Python."""
    from setuptools._distutils.ccompiler import new_compiler
    from setuptools._distutils.sysconfig import customize_compiler

    with TemporaryDirectory() as folder:
        source = Path(folder) / "probe.c"
        source.write_text("#include <Python.h>\n", encoding="utf-8")
        try:
            compiler = new_compiler()
            customize_compiler(compiler)
            headers = {sysconfig.get_path("include"), sysconfig.get_path("platinclude")}
            compiler.compile([str(source)], output_dir=folder, include_dirs=sorted(headers))
        except Exception:  # whatever it is: no program, no header, no Visual Studio
            return False
    return True


setup(ext_modules=extensions(), options={"build_ext": {"parallel": True}})
