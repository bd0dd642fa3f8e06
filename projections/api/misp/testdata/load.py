"""Loads MISP events with MISP's library and compares them with the file: load.py FILE."""
import json
import sys

from pymisp import MISPEvent

event = MISPEvent()
event.load_file(sys.argv[1], validate=True, metadata_only=False)
with open(sys.argv[1]) as file:
    raw = json.load(file)["Event"]
assert event.uuid == raw["uuid"] and event.info == raw["info"]
assert len(event.attributes) == len(raw["Attribute"]), event.attributes
assert [tag.name for tag in event.tags] == [tag["name"] for tag in raw["Tag"]]
for attribute, was in zip(event.attributes, raw["Attribute"]):
    assert (attribute.type, attribute.value, attribute.to_ids) == (was["type"], was["value"], was["to_ids"])
print(f"{len(event.attributes)} attributes, {len(event.tags)} tags")
