"""The explorer in a real JupyterLab: it steps inside its cell, by operations or by layers; a picture replaces it if
scripts may not run."""

import json
import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd
import nn
import viz
from autograd import Value

CELL = """import viz
from autograd import Value

w, x = Value(0.5, "w"), Value(3.0, "x")
viz.explore((w * x).tanh(), title="In a cell")"""
RUN = """async () => {
    await jupyterapp.restored;
    await jupyterapp.shell.currentWidget.sessionContext.ready;  // the kernel has started
    await jupyterapp.commands.execute("notebook:run-all-cells");
}"""
OBSERVED = """import json, pathlib, viz
from autograd import Value

w, x = Value(0.5, "w"), Value(3.0, "x")
page = viz.explore((w * x).tanh())

def write(values):
    values = values | {"y": page.load().data}
    pathlib.Path("new.json").write_text(json.dumps(values))
    pathlib.Path("new.json").rename("values.json")

page.observe(write)
page"""
LAYERS = """import nn, viz

loss = nn.mse_loss(nn.MLP(2, [5, 1], activation="tanh", seed=0)([0.5, -1.0]), 1.0)
viz.explore(loss, grain="matrix")"""
SECONDS = 60  # the longest wait for anything


def notebook(*outputs, source=CELL):
    cell = {"cell_type": "code", "id": "cell", "source": source, "metadata": {}, "execution_count": None}
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [cell | {"outputs": outputs}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


@pytest.fixture(scope="module")
def lab(browser, unable, tmp_path_factory):
    """A function that opens a notebook in its own JupyterLab: lab(name, text of the notebook) returns the page."""
    if not all(map(find_spec, ("jupyterlab", "ipykernel"))):
        unable("JupyterLab is not installed: pip install 'scalar-autograd[notebook]'")
    folder = tmp_path_factory.mktemp("lab")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    settings = ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options = {
        "IdentityProvider.token": "",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.expose_app_in_browser": "True",
        "ServerApp.root_dir": folder,
    }
    server = subprocess.Popen(
        [*command, *(f"--{name}={value}" for name, value in options.items())],
        env=os.environ
        | {name: str(folder / ".jupyter" / name) for name in (*places, *settings)}
        | {"PYTHONPATH": str(Path(autograd.__file__).parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(port, server)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(1000 * SECONDS)

    def open_notebook(name, text):
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/lab/tree/{name}.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content")
        return page

    open_notebook.folder = folder
    yield open_notebook
    context.close()
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:  # it waits for the answer of a kernel that has just been started
        server.kill()
        server.wait(SECONDS)


def wait_for(port, server):
    """Waits until the server accepts connections."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"JupyterLab does not answer at port {port}")


def test_the_explorer_steps_inside_the_cell_that_made_it(lab):
    page = lab("run", notebook())
    page.evaluate(RUN)
    frame = page.frame_locator(".jp-OutputArea iframe")
    for _ in range(3):
        frame.locator("#next").click()
    assert frame.locator("body").get_attribute("data-position") == "3"
    frame.locator("#last").click()
    w = frame.locator(".box", has_text="w").first
    assert float(w.get_attribute("data-gradient")) == pytest.approx(autograd.grad(lambda w: (w * 3.0).tanh())(0.5))
    frame.locator("#canvas").press("Home")
    assert frame.locator("body").get_attribute("data-position") == "0"
    outside, inside = page.locator(".jp-OutputArea-output").first.bounding_box(), page.locator("iframe").bounding_box()
    assert inside["width"] > 0.9 * outside["width"]
    assert frame.locator("body").evaluate("body => body.scrollHeight <= innerHeight && body.scrollWidth <= innerWidth")


def test_the_page_of_matrices_steps_inside_its_cell_and_is_presented_there(lab):
    page = lab("layers", notebook(source=LAYERS))
    page.evaluate(RUN)
    frame = page.frame_locator(".jp-OutputArea iframe")
    frame.locator("#last").click()
    model = nn.MLP(2, [5, 1], activation="tanh", seed=0)
    nn.mse_loss(model([0.5, -1.0]), 1.0).backward()
    cells = frame.locator('[data-array="grad W1"] td')
    shown = cells.evaluate_all("(all) => all.map((cell) => Number(cell.dataset.value))")
    assert shown == pytest.approx([weight.grad for weight in model.layers[0].weight.ravel()], rel=1e-12)
    frame.locator('[data-block="0"] .title').click()
    assert frame.locator("#scalars table").count() == 2
    frame.locator('[data-block="0"] .title').press("p")
    assert frame.locator("#present").get_attribute("aria-pressed") == "true"
    assert frame.locator("body").evaluate("body => body.scrollHeight <= innerHeight && body.scrollWidth <= innerWidth")
    assert frame.locator("#equation").is_visible()
    frame.locator("body").press("PageUp")
    assert frame.locator("body").get_attribute("data-position") == "5"


def test_what_a_slider_sets_comes_back_to_python(lab, unable):
    if not find_spec("anywidget"):
        unable("anywidget is not installed: pip install 'scalar-autograd[widget]'")
    page = lab("bridge", notebook(source=OBSERVED))
    page.evaluate(RUN)
    slider = page.frame_locator(".jp-OutputArea iframe").get_by_role("slider", name="w, slider")
    slider.press("ArrowRight")
    told, end = lab.folder / "values.json", time.monotonic() + SECONDS
    while not told.exists() and time.monotonic() < end:
        page.wait_for_timeout(100)
    values = json.loads(told.read_text())
    assert values == {"w": 0.52, "x": 3.0, "y": pytest.approx(autograd.tanh(1.56))}
    assert page.locator(".jp-OutputArea-output").count() == 1  # nothing besides the page


def test_a_notebook_that_is_not_trusted_shows_the_picture(lab):
    data = viz.explore((Value(0.5, "w") * Value(3.0, "x")).tanh())._repr_mimebundle_()
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
    page = lab("shown", notebook(output))
    picture = page.locator(".jp-OutputArea-output img")
    picture.wait_for()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 300
    assert page.locator(".jp-OutputArea-output iframe").count() == 0
