"""Reads Navigator layers with MITRE's own library and says what it objects to.

Usage: validate.py LAYER.json...; ends with 1 when there is an objection.
"""

import contextlib
import io
import json
import sys

from mitreattack.navlayers import Layer


def objections(path):
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):  # the library prints what it objects to
        loaded = Layer(raw, strict=True)
        result = loaded.to_dict()
    if said.getvalue():
        yield said.getvalue().strip()
    if result is None:
        yield "not loaded"
        return
    for field in ("name", "domain", "versions", "gradient", "legendItems", "layout", "metadata", "sorting", "hideDisabled"):
        if result.get(field) != raw[field]:
            yield f"{field}: {raw[field]} was read as {result.get(field)}"
    read = [{"color": "", "comment": "", **entry} for entry in result.get("techniques", [])]
    if read != raw["techniques"]:
        yield "techniques: not read as they were written"
    for entry in loaded.layer.techniques or []:
        if entry.score is not None and not loaded.layer.gradient.compute_color(entry.score).startswith("#"):
            yield f"{entry.techniqueID}: no colour for {entry.score}"


failed = False
for path in sys.argv[1:]:
    for objection in objections(path):
        failed = True
        print(f"{path}: {objection}")
sys.exit(failed)
