"""The tasks of a maintainer, shared by CONTRIBUTING.md, `.ci/run` and the workflows; `nox --list` shows them."""

import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import nox
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent
PACKAGES = ("autograd", "nn", "viz")
PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
OLDEST = PYTHONS[0]
CORE_TESTS = [f"tests/autograd/test_autograd_{name}.py" for name in ("core", "packing", "signals", "branches")]
FREE_THREADED = f"{PYTHONS[-1]}t"  # the build of CPython without the global interpreter lock
PYODIDE_TESTS = "tests/test_pyodide.py"
PYODIDE = f"pyodide@{runpy.run_path(str(ROOT / 'viz/playground/version.py'))['PYODIDE']}"  # of npm
TEST_COMMAND = "python -m pytest -n auto"  # as in the README
# A test that hangs is stopped. Warnings are errors, except on Windows, where Jupyter's event loop is known to warn.
WARNINGS = ("error", "ignore:Due to '_pack_':DeprecationWarning")  # mini-racer 0.14.1 causes it on Python 3.14
STRICT = ("--timeout=600", *(() if sys.platform == "win32" else (f"-W{warning}" for warning in WARNINGS)))
# Where the tests run: a folder with an unusual name, no home folder, a terminal for ASCII only, the earliest time zone.
FOLDER = "with blanks, äöü"
SURROUNDINGS = {"HOME": None, "PYTHONIOENCODING": "ascii", "TZ": "Pacific/Kiritimati"}
# Measured, tests take three to ten times as long. These take hardly a branch that no others do, which the contexts of
# coverage show: notebooks and examples run from top to bottom, large graphs are walked, bits are compared.
UNMEASURED = (
    "tests/autograd/test_autograd_accuracy.py",
    "tests/autograd/test_autograd_backward.py",
    "tests/autograd/test_autograd_branches.py",
    "tests/autograd/test_autograd_jax_structure.py",
    "tests/autograd/test_autograd_random_graphs.py",
    "tests/autograd/test_autograd_steps.py",
    "tests/compiler/test_compiler_bits.py",
    "tests/compiler/test_compiler_calls.py",
    "tests/compiler/test_compiler_javascript_sample.py",
    "tests/compiler/test_compiler_memory.py",
    "tests/compiler/test_compiler_names.py",
    "tests/compiler/test_compiler_partition.py",
    "tests/compiler/test_compiler_peers.py",
    "tests/compiler/test_compiler_samples.py",
    "tests/compiler/test_compiler_vector_math.py",
    "tests/course",
    "tests/fuzz",
    "tests/nn/test_nn_bits.py",
    "tests/nn/test_nn_compiled.py",
    "tests/nn/test_nn_one_graph.py",
    "tests/test_architecture.py",
    "tests/test_benchmarks.py",
    "tests/test_big_graphs.py",
    "tests/test_data_parallel.py",
    "tests/test_docs.py",
    "tests/test_gallery.py",
    "tests/test_interrupts.py",
    "tests/test_kit.py",
    "tests/test_language_model.py",
    "tests/test_notebooks.py",
    "tests/test_without_numpy.py",
    "tests/viz/test_viz_command.py",
    "tests/viz/test_viz_draw.py",
    "tests/viz/test_viz_folding.py",
    "tests/viz/test_viz_layout.py",
    "tests/viz/test_viz_legible.py",
    "tests/viz/test_viz_live_training.py",
    "tests/viz/test_viz_machine_code.py",
    "tests/viz/test_viz_plots.py",
    "tests/viz/test_viz_png.py",
    "tests/viz/test_viz_replay.py",
    "tests/viz/test_viz_text.py",
)
BRANCHES = {"autograd": 95, "nn": 95, "viz": 90}  # the percentage of each package's branches that the tests must take

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"  # uv, if installed, takes a third of the time
nox.options.sessions = ["lint", "types", "docs", f"tests-{OLDEST}"]
nox.options.download_python = "never"
RESULTS = (  # what the benchmarks write
    "benchmarks/RESULTS.md",
    "README.md",
    "docs/language_model.md",
    "docs/speed.md",
    "docs/images/growth-light.svg",
    "docs/images/growth-dark.svg",
)


def copy_source(session: nox.Session, *, without: Collection[str] = ()) -> Path:
    """Copies the files that git tracks or would add; leftovers in the working tree must not make a task succeed.

    Arguments:
        session: the session, which owns the folder of the copy.
        without: top-level folders to leave out.

    Returns:
        The copy.
    """
    folder = Path(session.create_tmp()).resolve() / (FOLDER if without else "source")
    shutil.rmtree(folder, ignore_errors=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(command, cwd=ROOT, text=True, encoding="utf-8").split("\0"):
        file = ROOT / name
        if file.is_file() and Path(name).parts[0] not in without:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, folder / name)
    return folder


def build(session: nox.Session, kind: str, folder: Path, *, core: bool = False) -> None:
    """Builds what git has into a folder: `kind` is "--wheel", "--sdist" or "" for both."""
    session.install("build[uv]")
    command = ["python", "-m", "build", "--installer=uv", f"--outdir={folder}", *([kind] if kind else [])]
    session.run(*command, str(copy_source(session)), silent=True, env={"SCALAR_AUTOGRAD_PURE": "0" if core else "1"})


def install_wheel(session: nox.Session, *groups: str, core: bool = False) -> None:
    """Installs the wheel as users would, with dependency groups: anything that pyproject.toml forgets is missing.

    Arguments:
        session: the session.
        groups: the dependency groups.
        core: whether the wheel contains the compiled core.
    """
    wheels = Path(session.create_tmp()) / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    build(session, "--wheel", wheels, core=core)
    [wheel] = wheels.glob("*.whl")
    if core == wheel.name.endswith("-none-any.whl"):
        session.error(f"{wheel.name} must contain {'the' if core else 'no'} compiled core: is there a C compiler?")
    # Tests take warnings as errors, those of compiling what is installed too: it is compiled here.
    session.install(str(wheel), *(f"--group={group}" for group in groups), env={"UV_COMPILE_BYTECODE": "1"})


def install_torch(session: nox.Session) -> None:
    """Installs PyTorch by pip, which can be offered a build without CUDA."""
    session.install("pip")
    session.run("python", "-m", "pip", "install", "--quiet", "--group=torch")


def install_pyodide(session: nox.Session) -> Path:
    """Installs Pyodide's core by npm, and returns the folder of its package."""
    folder = Path(session.create_tmp()).resolve() / "npm"
    options = ("--no-audit", "--no-fund", "--prefer-offline", f"--prefix={folder}")
    session.run("npm", "install", *options, PYODIDE, external=True)
    return folder / "node_modules" / "pyodide"


def in_pyodide(session: nox.Session) -> dict[str, str]:
    """Returns the variables that the tests in Pyodide read: its package, and the wheel that the session has installed.

    Without npm there are none, and these tests say that they are skipped.
    """
    if not shutil.which("npm"):
        return {}
    [wheel] = (Path(session.create_tmp()).resolve() / "wheels").glob("*.whl")
    return {"SCALAR_AUTOGRAD_PYODIDE": str(install_pyodide(session)), "SCALAR_AUTOGRAD_WHEEL": str(wheel)}


def run_tests(session: nox.Session, *arguments: str, **environment: str) -> None:
    """Runs the README's test command in random order, where only installed packages can be imported.

    Arguments:
        session: the session.
        arguments: further arguments of the command.
        environment: further variables of its environment.
    """
    if f"{TEST_COMMAND}\n" not in (ROOT / "README.md").read_text(encoding="utf-8"):
        session.error(f"README.md must end a line with the test command {TEST_COMMAND!r}")
    source = copy_source(session, without=PACKAGES)
    temporary = source / "tmp"
    temporary.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    with session.chdir(source):
        command = [*TEST_COMMAND.split(), "--random-order", *arguments]
        session.run(*command, env={**SURROUNDINGS, **places, **environment})


def install_resolved(session: nox.Session, *options: str) -> dict[str, Version]:
    """Installs the package and the dependencies of its tests in versions that options of uv choose.

    Returns:
        The version of each package of the environment, by name.
    """
    session.install("uv")
    package = (
        f"{copy_source(session)}[native,jax,javascript,networkx,scipy,teaching]"  # named here, they are at their lowest
    )
    session.run("uv", "pip", "install", *options, package, "--group=test", env={"SCALAR_AUTOGRAD_PURE": "1"})
    listed = session.run("uv", "pip", "list", "--format=json", silent=True, stderr=subprocess.DEVNULL)
    return {canonicalize_name(entry["name"]): Version(entry["version"]) for entry in json.loads(str(listed))}


def branches_taken(session: nox.Session, package: str) -> float:
    """Returns the percentage of a package's branches that the measured tests took."""
    command = ["coverage", "json", "-o", "-", "--fail-under=0", f"--include=*/{package}/*"]
    report = session.run(*command, f"--rcfile={ROOT / 'pyproject.toml'}", silent=True, stderr=subprocess.DEVNULL)
    totals = json.loads(str(report))["totals"]
    return 100 * float(totals["covered_branches"]) / float(totals["num_branches"])


def floors() -> dict[str, Version]:
    """Returns the lowest declared version of each package that the tests need, by name."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["native"], *extras["jax"], *extras["javascript"]]
    declared += [*extras["networkx"], *extras["scipy"], *extras["teaching"]]
    requirements = map(Requirement, [*declared, *nox.project.dependency_groups(PYPROJECT, "test")])
    return {
        canonicalize_name(requirement.name): Version(bound.version)
        for requirement in requirements
        for bound in requirement.specifier
        if bound.operator == ">="
    }


@nox.session
def lint(session: nox.Session) -> None:
    """Runs the checks of .pre-commit-config.yaml on all files: style, formats, schemas."""
    session.install("pre-commit")
    session.run("pre-commit", "run", "--all-files", "--show-diff-on-failure", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Checks the types of the packages, the benchmarks and the scripts."""
    session.install("--editable", ".", "--group", "types", "--group", "docs")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """Builds the site into build/site, with the playground if there is npm; warnings are errors."""
    session.install("--editable", ".", "--group", "docs")
    places = {"SCALAR_AUTOGRAD_PYODIDE": str(install_pyodide(session))} if shutil.which("npm") else {}
    session.run("sphinx-build", "--fresh-env", "--fail-on-warning", "--keep-going", "docs", "build/site", env=places)


@nox.session(python=[*PYTHONS, FREE_THREADED])
def tests(session: nox.Session) -> None:
    """Runs tests and doctests of the installed wheel without its compiled core."""
    install_wheel(session, "test")
    lock = {"PYTHON_GIL": "0"} if session.python == FREE_THREADED else {}  # no extension may turn the lock on again
    run_tests(session, *STRICT, *session.posargs, **lock)


@nox.session(python=PYTHONS)
def core(session: nox.Session) -> None:
    """Runs tests and doctests of the installed wheel with its compiled core."""
    install_wheel(session, "test", core=True)
    # pytest collects the doctests of a source, but Python imports the extension beside it
    run_tests(session, *STRICT, *session.posargs, PY_IGNORE_IMPORTMISMATCH="1")


@nox.session
def torch(session: nox.Session) -> None:
    """Tests `nn.to_torch` with PyTorch; on Linux, with the build without CUDA."""
    install_wheel(session, "test")
    install_torch(session)
    run_tests(session, *STRICT, "tests/nn/test_nn_torch.py", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Tests the pages in an installed Chromium and in JupyterLab, and the wheel for every platform in Pyodide."""
    install_wheel(session, "test", "browser")
    session.env["SCALAR_AUTOGRAD_BROWSER"] = "required"
    run_tests(session, *STRICT, "tests/browser", PYODIDE_TESTS, *session.posargs, **in_pyodide(session))


@nox.session
def pyodide(session: nox.Session) -> None:
    """Tests the wheel for every platform in Pyodide's core, which npm installs, and which has no NumPy."""
    install_wheel(session, "test")
    run_tests(session, *STRICT, PYODIDE_TESTS, *session.posargs, **in_pyodide(session))


@nox.session
def demo(session: nox.Session) -> None:
    """Runs the README's first command, with only the required dependencies; `-- FILE` installs that wheel or sdist."""
    if session.posargs:
        session.install(*session.posargs)
    else:
        install_wheel(session)
    with session.chdir(session.create_tmp()):
        session.run("scalar-autograd", "demo", "--no-progress")


@nox.session(name="build")
def distributions(session: nox.Session) -> None:
    """Builds sdist and the wheel without compiled core, for every platform, into dist/ and checks their metadata."""
    session.install("twine")
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    build(session, "", ROOT / "dist")
    session.run("twine", "check", "--strict", *map(str, sorted((ROOT / "dist").iterdir())))


@nox.session
def fuzz(session: nox.Session) -> None:
    """Runs the tests of the compiled core, and on it the property tests on new examples; `-- --seconds 60` for more."""
    install_wheel(session, "test", core=True)
    with session.chdir(copy_source(session, without=PACKAGES)):
        session.run(*TEST_COMMAND.split(), *STRICT, *CORE_TESTS, env=SURROUNDINGS)
        session.run("python", "-m", "tests.fuzz", *(session.posargs or ("--seconds", "30", "--seed", "1")))


@nox.session(python=OLDEST)
def minimum(session: nox.Session) -> None:
    """Runs the tests with the lowest declared version of each dependency."""
    installed = install_resolved(session, "--resolution=lowest-direct")
    for name, floor in floors().items():
        if installed[name] != floor:
            session.error(f"pyproject.toml allows {name} {floor}, but other dependencies need {installed[name]}")
    run_tests(session, *session.posargs)


@nox.session
def prereleases(session: nox.Session) -> None:
    """Runs the tests with the newest version of each dependency, pre-releases included: a look at what is coming."""
    for name, version in sorted(install_resolved(session, "--prerelease=allow").items()):
        print(name, version)
    run_tests(session, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Runs all tests but those of the browser, and checks that all but UNMEASURED take enough branches."""
    install_wheel(session, "test")
    install_torch(session)
    session.install("coverage>=7.13")  # the first version that measures every process of an environment
    configuration = str(ROOT / "pyproject.toml")
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp()) / ".coverage")
    session.run("coverage", "erase")
    run_tests(session, *STRICT, *UNMEASURED, *session.posargs)
    others = (f"--ignore={file}" for file in UNMEASURED)
    run_tests(session, *STRICT, *others, *session.posargs, COVERAGE_PROCESS_START=configuration)
    session.run("coverage", "combine", "--quiet", f"--rcfile={configuration}")
    session.run("coverage", "report", f"--rcfile={configuration}")
    taken = {package: branches_taken(session, package) for package in PACKAGES}
    for package, percentage in taken.items():
        print(f"branch coverage of {package}: {percentage:.1f} %, at least {BRANCHES[package]} %")
    if any(taken[package] < BRANCHES[package] for package in PACKAGES):
        session.error("the tests take too few branches: write tests of the laws that the report shows to be missing")


@nox.session(python=OLDEST)
def mutation(session: nox.Session) -> None:
    """Mutates the central modules; each mutant must fail a test or have a reason in tests/mutants.toml. Takes an hour.

    Arguments such as `"nn.losses*"` are the names of the mutants to run.
    """
    install_wheel(session, "test", "mutation")
    session.env["CI"] = "1"  # so that the property tests draw the same examples for every mutant
    with session.chdir(copy_source(session)):
        session.run("mutmut", "run", *session.posargs)
        session.run("python", "tests/support/mutants.py")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Runs all benchmarks, on the compiled core, and writes their results, which takes about fifteen minutes."""
    install_torch(session)
    install_wheel(session, "bench", core=True)
    source = copy_source(session, without=PACKAGES)
    with session.chdir(source):
        session.run("python", "-m", "benchmarks")
    for file in RESULTS:
        shutil.copy2(source / file, ROOT / file)


@nox.session
def notebooks(session: nox.Session) -> None:
    """Runs the notebooks and stores their outputs."""
    session.install("--editable", ".", "--group", "test")
    session.run("python", "-m", "notebooks.execute")


@nox.session
def pictures(session: nox.Session) -> None:
    """Draws the pictures of the README and the pages, and takes the screenshots in an installed Chromium."""
    session.install("--editable", ".", "--group", "browser")
    for script in ("pictures", "imports", "screenshots"):
        session.run("python", f"docs/{script}.py")
