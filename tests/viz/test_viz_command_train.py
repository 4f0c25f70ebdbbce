"""The command `train`: which samples it takes, what it writes, and how it fails."""

from collections import Counter

import numpy as np
import pytest
from support.pages import Elements

from viz.command import main
from viz.command.samples_file import read_samples


def page_of(*arguments, folder):
    path = folder / "page.html"
    assert main(["train", *arguments, "-o", str(path)]) == 0
    return Elements(path.read_text(encoding="utf-8")).data


@pytest.mark.parametrize(("name", "outputs"), [("xor", 1), ("moons", 1), ("circles", 1), ("blobs", 3)])
def test_every_named_data_set_has_a_page(name, outputs, tmp_path, capsys):
    data = page_of(name, "--hidden", "5", folder=tmp_path)
    assert data["networks"][0]["title"] == f"2-5-{outputs} tanh"
    assert data["sets"][0]["title"] == name
    heading = f"A network learns {'XOR' if name == 'xor' else name}"
    assert f"<title>{heading}</title>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (data["sets"][0]["heldOut"] is None) == (name == "xor")
    assert {each["title"] for each in data["sets"]} == ({"blobs"} if name == "blobs" else {"xor", "moons", "circles"})
    assert str(tmp_path / "page.html") in capsys.readouterr().out


def test_held_out_samples_are_spread_over_both_classes(tmp_path):
    (moons, *_) = page_of("moons", folder=tmp_path)["sets"]
    assert (len(moons["samples"]), len(moons["heldOut"])) == (150, 50)
    assert np.mean([y for _, (y,) in moons["heldOut"]]) == 0.5
    assert np.mean(moons["targets"]) == 0.5


def table(folder, text):
    path = folder / "samples.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "X", "y", "classes"),
    [
        ("a,b,kind\n1,2,red\n3,4,blue\n5,6,red\n", [[1, 2], [3, 4], [5, 6]], [1, 0, 1], ("blue", "red")),
        ("1,7\n2,9\n3,7\n", [[1], [2], [3]], [0, 1, 0], ("7", "9")),
        ("x,y\n1,0.5\n\n2,0.25\n", [[1], [2]], [0.5, 0.25], ()),
        ("\ufeff1e2, -1 ,10\n2,3,20\n4,5,30\n", [[100, -1], [2, 3], [4, 5]], [0, 1, 2], ("10", "20", "30")),
        ('"1","2,5"\n1,b\n', [[1], [1]], [0, 1], ("2,5", "b")),
        ("".join(f"{n},{n}\n" for n in range(11)), [[n] for n in range(11)], list(range(11)), ()),
        ("1,5\n2,5\n", [[1], [2]], [5, 5], ()),
    ],
)
def test_a_file_has_inputs_and_classes_or_quantities(text, X, y, classes, tmp_path):
    found = read_samples(table(tmp_path, text))
    assert found.X.tolist() == X
    assert found.y.tolist() == y
    assert found.classes == classes


@pytest.mark.parametrize(
    ("labels", "classes"),
    [(["dog", "cat"], ["cat", "dog"]), (["dog", "cat", "ant"], ["ant", "cat", "dog"]), (["7", "-9"], ["-9", "7"])],
)
def test_the_page_names_the_classes_as_the_file_does(labels, classes, tmp_path):
    text = "".join(f"{n % 7},{n % 5},{labels[n % len(labels)]}\n" for n in range(60))
    data = page_of(str(table(tmp_path, text)), folder=tmp_path)
    assert data["classes"] == classes
    targets = [data["classTargets"].index(target) for target in data["sets"][0]["targets"]]
    held = [n // len(labels) % 4 == 3 for n in range(60)]
    assert targets == [classes.index(labels[n % len(labels)]) for n in range(60) if not held[n]]


@pytest.mark.parametrize("kinds", ["ab" * 19 + "c", "a" * 6 + "b" + "a" * 53, "abc" * 20, "a" * 41 + "b" * 7 + "c" * 4])
def test_every_fourth_of_each_class_is_held_out_in_whatever_order_they_come(kinds, tmp_path):
    text = "".join(f"{number},{kind}\n" for number, kind in enumerate(kinds))
    data = page_of(str(table(tmp_path, text)), folder=tmp_path)
    assert data["classes"] == sorted({*kinds})
    (samples,) = data["sets"]
    trained = Counter(map(str, samples["targets"]))
    held = Counter(str(target) for _, target in samples["heldOut"] or ())
    counts = Counter(kinds).values()
    assert sorted((trained + held).values()) == sorted(counts)
    assert sorted(held.values()) == sorted(count // 4 for count in counts if count >= 4 and len(kinds) >= 40)


def test_the_scale_of_a_file_is_that_of_the_samples_that_are_trained_on(tmp_path):
    text = "".join(f"{n},{n * n + 0.5}\n" for n in range(60))
    (samples,) = page_of(str(table(tmp_path, text)), folder=tmp_path)["sets"]
    assert len(samples["heldOut"]) == 15
    for trained in (samples["samples"], samples["targets"]):
        assert np.mean(trained) == pytest.approx(0, abs=1e-12)
        assert np.std(trained) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "outputs"),
    [("a,b,k\n1,2,r\n3,4,b\n5,6,g\n", 3), ("1,2,0\n2,3,1\n3,3,1\n", 1), ("1,0.5\n2,0.25\n3,9\n", 1)],
)
def test_a_page_is_made_of_a_file(text, outputs, tmp_path):
    data = page_of(str(table(tmp_path, text)), folder=tmp_path)
    assert data["outputs"] == outputs
    assert data["sets"][0]["title"] == "samples.csv"
    assert np.mean(data["sets"][0]["samples"], axis=0) == pytest.approx(np.zeros(data["inputs"]), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have at least 2 samples, each on a line, not 0"),
        ("a,b\n1,2\n", "must have at least 2 samples, each on a line, not 1"),
        ("1\n2\n", "must have a column for each input, then the target, not 1 column"),
        ("1,2\n1,2,3\n", "line 2 of"),
        ("1,2\nx,3\n", "an input in line 2 of"),
        ("1,2\nnan,3\n", "must be a finite number, not 'nan'"),
        ("1,2\n,3\n", "must be a finite number, not ''"),
        ("1,cat\n2,\n3,dog\n", "must not have empty cells: leave out the samples whose class is not known"),
        ("1,cat\n2,cat\n", "or words for 2 to 10 classes, not 1 different words"),
        ("".join(f"{n},w{n}\n" for n in range(11)), "or words for 2 to 10 classes, not 11 different words"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(text, message, tmp_path, capsys):
    assert main(["train", str(table(tmp_path, text)), "-o", str(tmp_path / "p.html")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "p.html").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nothing"], 2, "the samples must be xor, moons, circles, blobs or a .csv file, not 'nothing'"),
        (["nothing.csv"], 1, "cannot read 'nothing.csv': No such file or directory"),
        (["xor", "-o", "page.svg"], 2, "the file name of a page must end with .html"),
        (["xor", "--hidden", "0"], 2, "must be a positive integer"),
        (["xor", "--hidden", "12000"], 2, "a live page has at most 600,000 characters"),
        ([], 2, "the following arguments are required"),
    ],
)
def test_wrong_arguments_are_refused(arguments, status, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["train", *arguments]) == status
    assert message in capsys.readouterr().err


def test_a_file_that_is_not_text_is_refused(tmp_path, capsys):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00\xd8")
    assert main(["train", str(tmp_path / "x.csv")]) == 1
    assert "it is not UTF-8 text" in capsys.readouterr().err
