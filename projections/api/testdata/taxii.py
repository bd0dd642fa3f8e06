"""Walks every TAXII collection of a server: taxii.py URL AUTHORIZATION."""
import sys

from requests.auth import AuthBase
from taxii2client.v21 import Server, as_pages


class Header(AuthBase):
    def __call__(self, request):
        request.headers["Authorization"] = sys.argv[2]
        return request


server = Server(sys.argv[1], auth=Header())
for collection in server.api_roots[0].collections:
    objects = []
    for page in as_pages(collection.get_objects, per_request=250):
        objects += page.get("objects", [])
    added = [entry["date_added"] for page in as_pages(collection.get_manifest, per_request=1000) for entry in page.get("objects", [])]
    assert added == sorted(added), "not in the order of date_added"
    after = collection.get_objects(added_after=added[-1]).get("objects", []) if added else []
    ids = {o["id"] for o in objects}
    print(f"{collection.title}: {len(objects)} objects, {len(ids)} ids, {len(after)} after the last")
