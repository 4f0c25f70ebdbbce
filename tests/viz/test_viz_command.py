"""The command line: what it prints and writes, and how it fails."""

import os
import signal
import subprocess
import sys

import pytest

from viz.command import main


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "viz.command", *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """What `demo` printed, and the folder it wrote to."""
    folder = tmp_path_factory.mktemp("demo") / "new" / "xor"
    return run("demo", "--out", str(folder), "--no-progress"), folder


class TestDemo:
    def test_it_solves_xor_and_prints_the_truth_table(self, demonstration):
        done, _ = demonstration
        assert done.returncode == 0, done.stderr
        rows = [line.split() for line in done.stdout.splitlines()]
        assert ["accuracy", "100%"] in rows
        table = rows[rows.index(["x1", "x2", "target", "output", "rounded"]) + 1 :][:4]
        assert {(x1, x2, target) for x1, x2, target, *_ in table} == {
            ("0", "0", "0"),
            ("0", "1", "1"),
            ("1", "0", "1"),
            ("1", "1", "0"),
        }
        assert all(target == rounded for _, _, target, _, rounded in table)

    def test_it_leaves_every_picture_it_names(self, demonstration):
        done, folder = demonstration
        names = sorted(f"{name}.{end}" for name in ("graph", "loss", "network", "surface") for end in ("png", "svg"))
        assert sorted(path.name for path in folder.iterdir()) == [*names, "training.html"]
        assert all(str(folder / name) in done.stdout for name in names)
        assert all(b"<svg" in path.read_bytes() for path in folder.glob("*.svg"))
        assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.glob("*.png"))

    def test_it_leaves_a_page_that_replays_the_training(self, demonstration):
        done, folder = demonstration
        page = (folder / "training.html").read_text(encoding="utf-8")
        assert "<title>A network learns XOR</title>" in page
        assert '"epochs":[0,2,3,' in page
        assert str(folder / "training.html") in done.stdout

    def test_without_a_progress_bar_nothing_goes_to_stderr(self, demonstration):
        assert demonstration[0].stderr == ""

    def test_the_same_seed_prints_the_same(self, tmp_path, capsys):
        printed = []
        for _ in range(2):
            assert main(["demo", "--out", str(tmp_path), "--epochs", "2", "--seed", "7", "--no-progress"]) == 0
            printed.append(capsys.readouterr().out)
        assert printed[0] == printed[1]

    @pytest.mark.parametrize(("option", "value"), [("--epochs", "0"), ("--epochs", "-1"), ("--seed", "x")])
    def test_a_number_that_makes_no_sense_is_refused(self, option, value, capsys):
        assert_one_line_error(["demo", option, value], value, capsys)

    def test_a_folder_that_cannot_be_made_is_refused_before_the_work(self, tmp_path, capsys):
        (tmp_path / "file").write_text("")
        assert_one_line_error(["demo", "--out", str(tmp_path / "file" / "xor")], "cannot make the folder", capsys)


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

    def test_an_expression_that_begins_with_a_minus_goes_after_two(self, tmp_path, capsys):
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
            (["(" * 10_000, "x=1"], "200 parentheses"),
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
def test_an_unknown_command_is_refused(arguments, capsys):
    assert_one_line_error(arguments, "--help", capsys)


def test_it_says_its_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("scalar-autograd 0.")


def test_help_loads_none_of_the_heavy_parts():
    code = (
        "import sys, viz.command; viz.command.main(['--help']); print(sorted({'nn', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer that interrupts")
@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_an_interrupted_demonstration_says_so_and_writes_nothing(seconds, tmp_path, capsys):
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


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_the_demonstration_replaces_a_link_and_not_what_it_leads_to(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "loss.svg").symlink_to(tmp_path / "mine")
    assert main(["demo", "--out", str(tmp_path), "--epochs", "1", "--no-progress"]) == 0
    assert (tmp_path / "mine").read_text() == "mine"
    assert "<svg" in (tmp_path / "loss.svg").read_text()


def test_a_variable_on_the_command_line_is_the_name_that_python_reads(tmp_path, capsys):
    assert main(["draw", "\ufb01*\u00b5", "\ufb01=2", "\u00b5=3", "-o", str(tmp_path / "graph.svg")]) == 0
    assert ["fi", "2", "3"] in [line.split() for line in capsys.readouterr().out.splitlines()]
