"""The command line: what it prints and writes, and how it fails."""

import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from viz.command import main

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
        assert_one_line_error(["demo", "--out", str(tmp_path / "file" / "xor")], "cannot create the folder", capsys)


class TestDraw:
    @pytest.mark.parametrize("format", ["svg", "png", "dot"])
    def test_it_writes_the_graph_and_prints_values_and_gradients(self, format, tmp_path, capsys):
        path = tmp_path / f"graph.{format}"
        assert main(["draw", "w*x + b", "w=2", "x=3", "b=-1", "-o", str(path)]) == 0
        rows = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert rows[:5] == [
            ["value", "gradient"],
            ["result", "5", "1"],
            ["w", "2", "3"],
            ["x", "3", "2"],
            ["b", "-1", "1"],
        ]
        assert [str(path)] in rows
        assert path.stat().st_size > 100

    def test_an_expression_that_begins_with_a_minus_sign_goes_after_two(self, tmp_path, capsys):
        assert main(["draw", "-o", str(tmp_path / "graph.svg"), "--", "-x", "x=1"]) == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["tan(x)", "x=1"], "did you mean 'tanh'"),
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
            (["x", "x=1", "-o", "no/such/folder/graph.svg"], "cannot write"),
            ([], "required"),
        ],
    )
    def test_an_error_is_one_line_and_leaves_no_file(self, arguments, message, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert_one_line_error(["draw", *arguments], message, capsys)
        assert not list(tmp_path.iterdir())


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
            (["x", "x=1", "-o", "no/such/folder/page.html"], "cannot write"),
        ],
    )
    def test_an_error_is_one_line_and_leaves_no_file(self, arguments, message, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert_one_line_error(["explore", *arguments], message, capsys)
        assert not list(tmp_path.iterdir())


def assert_one_line_error(arguments, message, capsys):
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("scalar-autograd: error: ")
    assert error.count("\n") == 1
    assert message in error


@pytest.mark.parametrize("arguments", [[], ["paint"], ["--nope"]])
def test_an_unknown_command_is_rejected(arguments, capsys):
    assert_one_line_error(arguments, "--help", capsys)


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


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that interrupts")
@pytest.mark.parametrize("seconds", [0.2, 0.8])
def test_an_interrupted_demo_says_so_and_writes_nothing(seconds, tmp_path, capsys):
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        assert main(["demo", "--out", str(tmp_path), "--epochs", "999999999", "--no-progress"]) == 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    printed = capsys.readouterr()
    assert printed.err == "scalar-autograd: interrupted\n"
    assert printed.out == ""
    assert not list(tmp_path.iterdir())


def test_a_variable_is_normalized_as_python_normalizes_names(tmp_path, capsys):
    assert main(["draw", "\ufb01*\u00b5", "\ufb01=2", "\u00b5=3", "-o", str(tmp_path / "graph.svg")]) == 0
    assert ["fi", "2", "3"] in [line.split() for line in capsys.readouterr().out.splitlines()]
