"""The command line: what it prints and writes, and how it fails."""

import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from support.file_names import needs_any_letters

import viz
from autograd import Value
from viz.command import main

NAME = "n" * 9000

needs_links = pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")


class Demo(NamedTuple):
    """A finished `demo`: the folder that it wrote to, and what it printed."""

    folder: Path
    printed: str
    errors: str


def finished_demo(folder):
    with redirect_stdout(StringIO()) as printed, redirect_stderr(StringIO()) as errors:
        assert main(["demo", "--out", str(folder), "--no-progress"]) == 0
    return Demo(folder, printed.getvalue(), errors.getvalue())


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return finished_demo(tmp_path_factory.mktemp("demo") / "new" / "xor")


@pytest.fixture(scope="module")
def repetition(tmp_path_factory):
    """A `demo` with the same seed, in a folder where `loss.svg` was a link to `mine`."""
    folder = tmp_path_factory.mktemp("again")
    (folder / "mine").write_text("mine")
    (folder / "loss.svg").symlink_to(folder / "mine")
    return finished_demo(folder)


class TestDemo:
    def test_it_solves_xor_and_prints_the_truth_table(self, demo):
        rows = [line.split() for line in demo.printed.splitlines()]
        assert ["accuracy", "100%"] in rows
        table = rows[rows.index(["x1", "x2", "target", "output", "rounded"]) + 1 :][:4]
        assert {(x1, x2, target) for x1, x2, target, *_ in table} == {
            ("0", "0", "0"),
            ("0", "1", "1"),
            ("1", "0", "1"),
            ("1", "1", "0"),
        }
        assert all(target == rounded for _, _, target, _, rounded in table)

    def test_it_leaves_every_picture_that_it_names(self, demo):
        names = sorted(f"{name}.{end}" for name in ("graph", "loss", "network", "surface") for end in ("png", "svg"))
        assert sorted(path.name for path in demo.folder.iterdir()) == [*names, "training.html"]
        assert all(str(demo.folder / name) in demo.printed for name in names)
        assert all(b"<svg" in path.read_bytes() for path in demo.folder.glob("*.svg"))
        assert all(path.read_bytes().startswith(b"\x89PNG") for path in demo.folder.glob("*.png"))

    def test_it_leaves_a_page_that_replays_its_training(self, demo):
        page = (demo.folder / "training.html").read_text(encoding="utf-8")
        assert "<title>A network learns XOR</title>" in page
        assert '"epochs":[0,2,3,' in page
        assert str(demo.folder / "training.html") in demo.printed

    def test_it_says_which_file_to_open(self, demo):
        assert demo.printed.splitlines()[-1].startswith(f"open {demo.folder / 'training.html'} in a browser")

    def test_without_a_progress_bar_nothing_goes_to_stderr(self, demo):
        assert demo.errors == ""

    @needs_links
    def test_the_same_seed_prints_the_same(self, demo, repetition):
        assert repetition.printed.replace(str(repetition.folder), str(demo.folder)) == demo.printed

    @needs_links
    def test_it_writes_the_file_behind_a_link(self, repetition):
        assert (repetition.folder / "loss.svg").is_symlink()
        assert "<svg" in (repetition.folder / "mine").read_text()

    @pytest.mark.parametrize(("option", "value"), [("--epochs", "0"), ("--epochs", "-1"), ("--seed", "x")])
    def test_an_invalid_number_is_rejected(self, option, value, capsys):
        assert_one_line_error(["demo", option, value], value, capsys)

    def test_a_folder_that_cannot_be_made_is_rejected_before_the_training(self, tmp_path, capsys):
        (tmp_path / "file").write_text("")
        for folder in ("file", "file/xor"):
            assert_one_line_error(["demo", "--out", str(tmp_path / folder)], "cannot create the folder", capsys, 1)


class TestDraw:
    @pytest.mark.parametrize("format", ["svg", "png", "dot"])
    def test_it_writes_the_graph_and_prints_values_and_gradients(self, format, tmp_path, capsys):
        path = tmp_path / f"graph.{format}"
        assert main(["draw", "w*x + b", "w=2", "x=3", "b=-1", "-o", str(path)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split() for line in lines[:5]] == [
            ["value", "gradient"],
            ["result", "5", "1"],
            ["w", "2", "3"],
            ["x", "3", "2"],
            ["b", "-1", "1"],
        ]
        assert str(path) in map(str.strip, lines)
        assert path.stat().st_size > 100

    @pytest.mark.parametrize("expression", ["-x", "-x**2", "-2*x", "-(x + 1)", "-cos(x)"])
    @pytest.mark.parametrize("command", ["draw", "explore", "exercise"])
    def test_an_expression_may_begin_with_a_minus_sign(self, tmp_path, capsys, command, expression):
        file = tmp_path / ("graph.svg" if command == "draw" else "graph.html")
        for arguments in ([expression, "x=1", "-o", str(file)], ["-o", str(file), expression, "x=1"]):
            assert main([command, *arguments]) == 0
            assert file.exists()
            file.unlink()

    def test_two_minus_signs_end_the_options(self, tmp_path, capsys):
        assert main(["draw", "-o", str(tmp_path / "graph.svg"), "--", "-x", "x=1"]) == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["tanhh(x)", "x=1"], "did you mean 'tanh'"),
            (["x + y", "x=1"], "give it one, such as y="),
            (["x", "x=1", "y=2"], "the variable y is given, but"),
            (["x", "x=1", "x=2"], "x is given twice"),
            (["x", "x=one"], "name=number"),
            (["x", "x"], "name=number"),
            (["x", "1=x"], "name=number"),
            (["x.real", "x=1"], "attribute"),
            (["(" * 10_000, "x=1"], "200 levels of parentheses"),
            (["x\n\nx", "x=1"], "not an expression"),
            (["x", "x=1", "-o", "graph.xyz"], ".svg"),
            (["x", "x=1", "-o", "graph"], ".svg"),
            ([NAME, "x=1"], "is a variable without a number; give it one"),
            ([f"{NAME}(x)", "x=1"], "is not a known function"),
            (["x", "x=1", f"{NAME}=1"], "is given, but 'x' does not use it"),
            (["x", f"{NAME}=1", f"{NAME}=1"], "is given twice"),
            (["x", NAME], "name=number"),
            (["+ ".join([NAME[:9]] * 900) + "+", "x=1"], "is not an expression"),
            (["x", "x=1", f"--{NAME}"], "unrecognized arguments: --n"),
            (["x", "x=1", *["--n"] * 3000], "see scalar-autograd --help"),
            (["x", "x=1", "--\x1b[31m"], "unrecognized arguments: --\ufffd[31m"),
            ([], "required"),
        ],
    )
    def test_an_error_is_one_line_and_leaves_no_file(self, arguments, message, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert_one_line_error(["draw", *arguments], message, capsys)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("path", ["no/such/folder/graph.svg", f"{'n' * 9000}.svg", "folder.svg", "a\0b.svg"])
    def test_a_file_that_cannot_be_written_is_one_line_and_leaves_no_file(self, path, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        Path("folder.svg").mkdir()
        assert_one_line_error(["draw", "x", "x=1", "-o", path], "cannot write", capsys, status=1)
        assert os.listdir() == ["folder.svg"]

    def test_a_long_name_is_cut_in_the_table(self, tmp_path, capsys):
        assert main(["draw", NAME, f"{NAME}=1", "-o", str(tmp_path / "graph.svg")]) == 0
        assert max(map(len, capsys.readouterr().out.splitlines()[:3])) < 80


class TestExplore:
    def test_it_writes_a_page_titled_by_the_formula_and_prints_values_and_gradients(self, tmp_path, capsys):
        path = tmp_path / "page.html"
        assert main(["explore", "w*x + b", "w=2", "x=3", "b=-1", "-o", str(path)]) == 0
        printed = capsys.readouterr().out
        assert ["result", "5", "1"] in [line.split() for line in printed.splitlines()]
        assert str(path) in printed
        assert "<title>w*x + b</title>" in path.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["x + y", "x=1"], "give it one, such as y="),
            (["x", "x=1", "-o", "page.svg"], "must end with .html, not 'page.svg'"),
            (["x", "x=1", "-o", "page"], ".html"),
        ],
    )
    def test_an_error_is_one_line_and_leaves_no_file(self, arguments, message, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert_one_line_error(["explore", *arguments], message, capsys)
        assert not list(tmp_path.iterdir())


class TestExercise:
    def test_it_writes_a_page_a_sheet_and_its_key_and_prints_no_answer(self, tmp_path, capsys):
        files = [tmp_path / f"{name}.html" for name in ("page", "sheet", "key")]
        options = ["--hide", "both", "--seed", "7", "-o", files[0], "--sheet", files[1], "--key", files[2]]
        assert main(["exercise", "tanh(w*x)", "w=2", "x=3", *map(str, options)]) == 0
        assert capsys.readouterr().out == "".join(["written:\n", *(f"  {file}\n" for file in files)])
        w, x = Value(2.0, "w", role="input"), Value(3.0, "x", role="input")
        task = viz.exercise((w * x).tanh(), hide="both", seed=7, title="Exercise: tanh(w*x)")
        texts = [file.read_text(encoding="utf-8") for file in files]
        assert texts == [task.html, task.sheet().html, task.sheet(key=True).html]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["x + y", "x=1"], "give it one, such as y="),
            (["x*2", "x=1", "-o", "page.svg"], "must end with .html, not 'page.svg'"),
            (["x*2", "x=1", "--sheet", "sheet.pdf"], "must end with .html, not 'sheet.pdf'"),
            (["x", "x=1"], "must have something to fill in"),
            (["log(x)", "x=0"], "the answers of an exercise must be finite, but x.grad is inf"),
            (["x*2", "x=1", "--seed", "-1"], "must be an integer from 0"),
            (["x*2", "x=1", "--hide", "all"], "invalid choice: 'all'"),
        ],
    )
    def test_an_error_is_one_line_and_leaves_no_file(self, arguments, message, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert_one_line_error(["exercise", *arguments], message, capsys)
        assert not list(tmp_path.iterdir())


class TestCheck:
    RIGHT = """
import math
from beside import LIMIT

class Number:
    def __init__(self, data, children=()):
        self.data, self.grad, self.children = data, 0.0, children

    def __add__(self, other):
        return Number(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Number(self.data * other.data, ((self, other.data), (other, self.data)))

    def sqrt(self):
        root = math.sqrt(self.data)
        return Number(root, ((self, 0.5 / root),))

    def backward(self):
        order = []
        def visit(node):
            if node not in order:
                for child, _ in node.children:
                    visit(child)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local in node.children:
                child.grad += local * node.grad

if __name__ == "__main__":
    raise SystemExit("it runs as a program")
"""

    @pytest.fixture
    def engine(self, tmp_path):
        (tmp_path / "beside.py").write_text("LIMIT = 1", encoding="utf-8")
        file = tmp_path / "engine.py"
        file.write_text(self.RIGHT, encoding="utf-8")
        return file

    def test_a_right_class_is_reported_with_its_notes(self, engine, capsys):
        before = [*sys.path]
        assert main(["check", f"{engine}:Number"]) == 0
        printed = capsys.readouterr()
        assert printed.out.startswith("Number passes 14 checks, with ")
        assert "  note: 3 + v: " in printed.out
        assert printed.err == ""
        assert sys.path == before

    def test_a_wrong_class_is_reported_and_the_status_says_so(self, engine, capsys):
        wrong = self.RIGHT.replace("0.5 / root", "root / 0.5").replace("class Number", "class Value")
        engine.write_text(wrong.replace("Number(", "Value("), encoding="utf-8")
        assert main(["check", str(engine)]) == 1
        printed = capsys.readouterr()
        assert "  wrong: sqrt: the gradient of a is " in printed.out
        assert printed.err == "scalar-autograd: error: Value is wrong: sqrt\n"

    @pytest.mark.parametrize(
        ("name", "content", "message", "status"),
        [
            ("engine.py:Value", RIGHT, "defines no 'Value'; name the class as in ", 2),
            ("engine.py:math", RIGHT, "check_engine takes a class such as micrograd's Value", 2),
            ("missing.py", RIGHT, "missing.py': No such file", 2),
            ("engine.py", "1 / 0", "engine.py' raises ZeroDivisionError: division by zero", 1),
            ("engine.py", "def", "engine.py' raises SyntaxError: ", 1),
            ("engine.py", "exit(3)", "engine.py' raises SystemExit: 3", 1),
        ],
    )
    def test_what_cannot_be_checked_is_an_error_of_one_line(
        self, name, content, message, status, engine, capsys, monkeypatch
    ):
        monkeypatch.chdir(engine.parent)
        engine.write_text(content, encoding="utf-8")
        assert_one_line_error(["check", name], message, capsys, status)


def assert_one_line_error(arguments, message, capsys, status=2):
    assert main(arguments) == status
    printed = capsys.readouterr()
    assert printed.err.startswith("scalar-autograd: error: ")
    assert printed.err.count("\n") == 1
    assert len(printed.err) < 450
    assert message in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("arguments", [["paint"], ["--nope"]])
def test_an_unknown_command_is_rejected(arguments, capsys):
    assert_one_line_error(arguments, "--help", capsys)


def test_without_arguments_it_prints_its_help(capsys):
    assert main([]) == 0
    printed = capsys.readouterr()
    assert main(["--help"]) == 0
    assert printed == capsys.readouterr()
    assert "train a 2-4-1 network on XOR" in " ".join(printed.out.split())


def test_it_runs_as_a_module_and_prints_its_version():
    done = subprocess.run([sys.executable, "-m", "viz.command", "--version"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("scalar-autograd 0.")


def test_help_does_not_load_nn_or_matplotlib():
    code = (
        "import sys, viz.command; viz.command.main(['--help']); print(sorted({'nn', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def assert_interrupted_demo(seconds, folder, *options):
    """Interrupts a demo that would take days."""
    import_module("viz.command.demo")  # before the timer runs
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        assert main(["demo", "--out", str(folder), "--epochs", "999999999", *options]) == 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that interrupts")


@needs_timer
def test_without_standard_error_the_demo_has_no_progress_bar_and_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert_interrupted_demo(0.5, tmp_path)


@needs_timer
@pytest.mark.parametrize("seconds", [0.2, 0.8])
def test_an_interrupted_demo_says_so_and_writes_nothing(seconds, tmp_path, capsys):
    assert_interrupted_demo(seconds, tmp_path, "--no-progress")
    printed = capsys.readouterr()
    assert printed.err == "scalar-autograd: interrupted\n"
    assert printed.out == ""
    assert not list(tmp_path.iterdir())


def test_a_variable_is_normalized_as_python_normalizes_names(tmp_path, capsys):
    assert main(["draw", "\ufb01*\u00b5", "\ufb01=2", "\u00b5=3", "-o", str(tmp_path / "graph.svg")]) == 0
    assert ["fi", "2", "3"] in [line.split() for line in capsys.readouterr().out.splitlines()]


posix = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and limits are those of POSIX")


def run(arguments, *, python=(), **options):
    """Runs the command line in an interpreter of its own, with buffered output as in a user's shell."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, *python, "-m", "viz.command", *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, env=environment, **options)


@posix
class TestStreams:
    @pytest.mark.parametrize("python", [(), ("-u",)])
    @pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["draw", "x", "x=1", "-o", "graph.dot"]])
    def test_a_reader_that_has_ended_ends_the_command_quietly_as_a_signal_would(self, arguments, python, tmp_path):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = run(arguments, python=python, stdout=writer, cwd=tmp_path)
        finally:
            os.close(writer)
        assert (done.returncode, done.stderr) == (141, "")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
    @pytest.mark.parametrize("python", [(), ("-u",)])
    @pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["draw", "x", "x=1", "-o", "graph.dot"]])
    def test_a_full_output_is_one_line(self, arguments, python, tmp_path):
        with open("/dev/full", "w") as full:
            done = run(arguments, python=python, stdout=full, cwd=tmp_path)
        message = "scalar-autograd: error: cannot write to the standard output: No space left on device\n"
        assert (done.returncode, done.stderr) == (1, message)

    @pytest.mark.parametrize(
        ("closed", "arguments", "status"),
        [
            (">&-", "--help", 0),
            ("2>&-", "--nope", 2),
            ("2>/dev/full", "--nope", 2),
            ("<&- >&- 2>&-", "draw x x=1 -o graph.dot", 0),
        ],
    )
    def test_a_stream_that_is_closed_or_full_does_not_change_the_status(self, closed, arguments, status, tmp_path):
        command = f"exec '{sys.executable}' -m viz.command {arguments} {closed}"
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == status
        assert "error" not in done.stdout + done.stderr

    @needs_any_letters
    def test_what_an_output_cannot_encode_is_escaped(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PYTHONIOENCODING", "ascii")
        done = run(["draw", "µ", "µ=2", "-o", "gräph.dot"], cwd=tmp_path, stdout=subprocess.PIPE)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\\u03bc" in done.stdout
        assert "gr\\xe4ph.dot" in done.stdout
        assert os.listdir(tmp_path) == ["gräph.dot"]

    @pytest.mark.parametrize("columns", ["0", "1", "-5", "x", "1000000"])
    def test_help_fits_any_terminal(self, columns, monkeypatch, capsys):
        monkeypatch.setenv("COLUMNS", columns)
        assert main(["draw", "--help"]) == 0
        assert "formula" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
@pytest.mark.parametrize("gigabytes", [0.5, 2.0, 4.0])
def test_a_small_address_space_is_one_line(gigabytes, tmp_path):
    limited = ["sh", "-c", f'ulimit -v {int(gigabytes * 2**20)} && exec "$@"', "sh", sys.executable]
    command = [*limited, "-m", "viz.command", "draw", "x", "x=1", "-o", "graph.svg"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("scalar-autograd: error: ")
    assert "address space" in done.stderr
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("module", ["autograd", "numpy", "viz.pictures.drawing"])
def test_an_interrupt_during_an_import_is_one_line(module, tmp_path):
    program = f"""
import sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from viz.command import main
sys.exit(main(["draw", "x", "x=1", "-o", "graph.svg"]))
"""
    # A process that is measured looks for the packages itself.
    environment = {name: text for name, text in os.environ.items() if name != "COVERAGE_PROCESS_START"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (130, "scalar-autograd: interrupted\n")


class TestUnexpected:
    @pytest.mark.skipif(sys.flags.dev_mode, reason="Python runs in its development mode")
    @pytest.mark.parametrize(
        ("error", "message"),
        [
            (MemoryError(), "error: out of memory\n"),
            (RuntimeError("can't start\nnew thread"), "error: RuntimeError: can't start new thread; PYTHONDEVMODE=1"),
            (RecursionError("x" * 9000), "error: RecursionError: xxx"),
        ],
    )
    def test_an_error_from_anywhere_is_one_line(self, error, message, monkeypatch, capsys):
        def fail(*arguments, **options):
            raise error

        monkeypatch.setattr("viz.command.formula.parse_expression", fail)
        assert_one_line_error(["draw", "x", "x=1"], message, capsys, status=1)

    def test_in_development_mode_it_shows_where(self):
        program = """
import viz.command.formula
viz.command.formula.parse_expression = None
viz.command.main(["draw", "x", "x=1"])
"""
        done = subprocess.run([sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True)
        assert "Traceback" in done.stderr
        assert "formula.py" in done.stderr
