"""What a drawing shows, read back from its SVG."""

import xml.etree.ElementTree as ET
from types import SimpleNamespace

SVG = "{http://www.w3.org/2000/svg}"
TOOLTIP = "{http://www.w3.org/1999/xlink}title"


def seen(drawing):
    """What an SVG shows: `boxes` by name, `edges`, `frames`, and the `note`; told by an XML parser."""
    picture = SimpleNamespace(boxes={}, edges=[], frames=[], note=[], root=ET.fromstring(drawing.render()))
    for group in picture.root.iter(f"{SVG}g"):
        kind = group.get("class")
        texts = [text.text.replace("\xa0", " ") for text in group.iter(f"{SVG}text")]
        shape = next((part for part in group.iter() if part.get("stroke") not in (None, "none")), None)
        tooltip = next((link.get(TOOLTIP) for link in group.iter(f"{SVG}a")), None)
        if kind == "node":
            picture.boxes[group.find(f"{SVG}title").text] = SimpleNamespace(
                lines=texts,
                tooltip=tooltip,
                fill=shape.get("fill") if shape is not None else None,
                border=shape.get("stroke") if shape is not None else None,
                colors=[text.get("fill") for text in group.iter(f"{SVG}text")],
            )
        elif kind == "edge":
            tail, head = group.find(f"{SVG}title").text.split("->")
            picture.edges.append(
                SimpleNamespace(
                    ends=(tail, head),
                    label=texts[0] if texts else "",
                    color=shape.get("stroke"),
                    width=float(shape.get("stroke-width", "1")),
                    dashed=shape.get("stroke-dasharray") is not None,
                    tooltip=tooltip,
                )
            )
        elif kind == "cluster":
            picture.frames.append(texts[0] if texts else "")
        elif kind == "graph":
            picture.tooltip = tooltip
            link = [part for inner in group if inner.get("class") is None for part in inner.iter(f"{SVG}text")]
            picture.note = [text.text for text in link]
    return picture
