"""Reads drawings back from their SVG and their DOT."""

import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

SVG = "{http://www.w3.org/2000/svg}"
TOOLTIP = "{http://www.w3.org/1999/xlink}title"


def seen(drawing):
    """What the SVG of a drawing shows: `boxes` by name, `edges`, `frames`, the `note`, the `tooltip` and the `root`."""
    picture = SimpleNamespace(boxes={}, edges=[], frames=[], note=[], root=ET.fromstring(drawing.render()))
    edges = {}
    for group in picture.root.iter(f"{SVG}g"):
        kind = group.get("class")
        texts = [text.text.replace("\xa0", " ") for text in group.iter(f"{SVG}text")]
        shape = next((element for element in group.iter() if element.get("stroke") not in (None, "none")), None)
        tooltip = next((link.get(TOOLTIP) for link in group.iter(f"{SVG}a")), None)
        if kind == "node" and group.get("id").endswith("_label"):
            edges[group.get("id").removesuffix("_label")].label = texts[0]
        elif kind == "node":
            picture.boxes[group.find(f"{SVG}title").text] = SimpleNamespace(
                lines=texts,
                tooltip=tooltip,
                fill=shape.get("fill") if shape is not None else None,
                border=shape.get("stroke") if shape is not None else None,
                colors=[text.get("fill") for text in group.iter(f"{SVG}text")],
            )
        elif kind == "edge":
            tail, head = group.find(f"{SVG}title").text.split("->")
            edges[group.get("id")] = SimpleNamespace(
                ends=(tail, head),
                label=texts[0] if texts else "",
                color=shape.get("stroke"),
                width=float(shape.get("stroke-width", "1")),
                dashed=shape.get("stroke-dasharray") is not None,
                tooltip=tooltip,
            )
        elif kind == "cluster":
            picture.frames.append(texts[0] if texts else "")
        elif kind == "graph":
            picture.tooltip = tooltip
            own = [text for inner in group if inner.get("class") is None for text in inner.iter(f"{SVG}text")]
            picture.note = [text.text for text in own]
    picture.edges = list(edges.values())
    return picture


def number_of(text):
    """The number that a text shows."""
    return float(text.replace("−", "-"))


def lines_of(drawing):
    """The lines of text in each box of a drawing."""
    return [box.lines for box in seen(drawing).boxes.values()]


def in_dot(source):
    """The nodes and edges that a DOT text declares, line by line."""
    nodes = re.findall(r"^\t*(\w+) \[label=", source, re.MULTILINE)
    edges = re.findall(r"^\t*(\w+) -> (\w+) \[", source, re.MULTILINE)
    return nodes, edges
