"""What was chosen on the way to a bulk action, kept under a short name: so each step is a page to come back to.

A form may carry ten thousand leads and a note about people; neither belongs into an address. The session holds them.
"""

from hashlib import sha256

from django.http import HttpRequest, QueryDict

#: The newest so many, each no longer than so many characters; anything longer is answered where it was sent to.
KEPT, LONGEST = 5, 200_000
_KEY = "reassign"
_FIELDS = ("leads", "query", "which", "leaving", "to", "taker", "takers", "reason", "note", "left_out", "shown", "lead")


def keep(request: HttpRequest) -> str:
    """Keeps the fields that were posted. Out: the name of the draft; ``""`` when it is too long to be kept."""
    fields = {name: request.POST.getlist(name) for name in _FIELDS if name in request.POST}
    written = repr(sorted(fields.items()))
    if len(written) > LONGEST:
        return ""
    name = sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    drafts = {key: value for key, value in request.session.get(_KEY, {}).items() if key != name}
    request.session[_KEY] = dict([*drafts.items(), (name, fields)][-KEPT:])
    return name


def kept(request: HttpRequest, name: str) -> QueryDict | None:
    """The fields of a draft of this person, as they were posted; None for one that is not there any more."""
    fields = request.session.get(_KEY, {}).get(name)
    if fields is None:
        return None
    values = QueryDict(mutable=True)
    for key, found in fields.items():
        values.setlist(key, found)
    return values
