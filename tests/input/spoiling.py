"""A good request made bad, in one or several ways. The same seed and number make the same bad request."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import quote, urlencode

from tests.input.finding import Target
from tests.input.values import HEADERS, NOT_UTF8, any_value

FORM = "application/x-www-form-urlencoded"
_METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
_BOUNDARY = "----spoilt"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Bad:
    """A request as it goes to the server. ``query`` and ``body`` are bytes as sent; ``how`` names what was spoiled."""

    who: str
    method: str
    path: str
    query: bytes
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    how: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.method} {self.path[:80]!r} as {self.who}: {', '.join(self.how)}"
        sent = [f"query {self.query[:160]!r}"] if self.query else []
        sent += [f"body {self.body[:240]!r}"] if self.body else []
        sent += [f"headers { {k: v[:60] for k, v in self.headers.items()}!r}"] if self.headers else []
        return "; ".join([said, *sent, self.content_type[:80]])


# ---- fields


def _missing(chance: Random, fields: Fields) -> Fields:
    gone = chance.choice(fields)[0] if fields else ""
    return [(name, value) for name, value in fields if name != gone]


def _none(chance: Random, fields: Fields) -> Fields:
    return []


def _doubled(chance: Random, fields: Fields) -> Fields:
    return [*fields, *((name, any_value(chance)) for name, _ in chance.sample(fields, min(2, len(fields))))]


def _unknown(chance: Random, fields: Fields) -> Fields:
    names = (
        "id",
        "pk",
        "is_superuser",
        "role",
        "agent",
        "status",
        "_method",
        "to",
        "next",
        "uuid",
        "version",
        "cursor",
    )
    return [*fields, (chance.choice((*names, any_value(chance)[:200])), any_value(chance))]


def _wrong(chance: Random, fields: Fields) -> Fields:
    """One or several fields with something else in them; each once, so that the last word is the bad one."""
    bad = {name for name, _ in chance.sample(fields, min(len(fields), chance.choice((1, 1, 1, 2, 4))))}
    kept = [(name, value) for name, value in fields if name not in bad]
    return kept + [(name, any_value(chance)) for name in sorted(bad)]


def _all_wrong(chance: Random, fields: Fields) -> Fields:
    return [(name, any_value(chance)) for name, _ in fields]


def _empty(chance: Random, fields: Fields) -> Fields:
    return [(name, "") for name, _ in fields]


def _nested(chance: Random, fields: Fields) -> Fields:
    ends = ("[]", "[0]", "[a][b]", ".a.b", "__in", "__class__", "-0", "\x00", " ", "%00")
    return [(name + chance.choice(ends), value) for name, value in fields]


def _many(chance: Random, fields: Fields) -> Fields:
    how_many = chance.choice((1_000, 1_000, 1_000, 10_000))
    name = chance.choice(fields)[0] if fields and chance.random() < 0.5 else ""
    return fields + [(name or f"f{n}", str(n)) for n in range(how_many)]


FIELDS: dict[str, tuple[Callable[[Random, Fields], Fields], int]] = {
    "a field is missing": (_missing, 6),
    "no fields": (_none, 2),
    "doubled fields": (_doubled, 4),
    "a field that the form does not have": (_unknown, 5),
    "wrong values": (_wrong, 40),
    "every value wrong": (_all_wrong, 5),
    "every value empty": (_empty, 3),
    "nested names": (_nested, 3),
    "many fields": (_many, 1),
    "the fields as they stand": (lambda chance, fields: fields, 8),
}


# ---- bodies


def _encoded(fields: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()


def _as_form(chance: Random, fields: Fields) -> tuple[bytes, str]:
    return _encoded(fields), FORM


def _not_utf8(chance: Random, fields: Fields) -> tuple[bytes, str]:
    name = chance.choice(fields)[0] if fields else "note"
    rest = [(known, value) for known, value in fields if known != name]
    return _encoded(rest) + b"&" + quote(name).encode() + b"=" + chance.choice(NOT_UTF8), FORM


def _as_json(chance: Random, fields: Fields) -> tuple[bytes, str]:
    body = json.dumps(chance.choice((dict(fields), [fields], "x", None, 1e308)))
    return body.encode(errors="surrogatepass"), chance.choice(("application/json", FORM, "text/plain"))


def _gzipped(chance: Random, fields: Fields) -> tuple[bytes, str]:
    return gzip.compress(_encoded(fields), mtime=0), FORM


def _noise(chance: Random, fields: Fields) -> tuple[bytes, str]:
    return chance.randbytes(chance.choice((1, 50, 3000))), chance.choice((FORM, "multipart/form-data; boundary=x", ""))


def _as_multipart(chance: Random, fields: Fields) -> tuple[bytes, str]:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    if chance.random() < 0.5:
        parts.append(_file(chance))
    body = "".join([*parts, f"--{_BOUNDARY}--\r\n"]).encode(errors="surrogatepass")
    return body, f"multipart/form-data; boundary={_BOUNDARY}"


def _file(chance: Random) -> str:
    name = chance.choice(("a.csv", "../../x", 'a"b', "\x00", "x" * 400, "", "a.xlsx", "con", "\u202egpj.exe"))
    text = chance.choice(("", "Name\n", "PK\x03\x04", any_value(chance)[:5000], "a,b\n" * 2000, '"' * 50, "\x00\x00"))
    kind = chance.choice(("text/csv", "image/svg+xml", "", "a/b; charset=hex"))
    field_name = chance.choice(("file", "upload", "source"))
    return (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n{text}\r\n"
    )


def _broken_multipart(chance: Random, fields: Fields) -> tuple[bytes, str]:
    body, kind = _as_multipart(chance, fields)
    match chance.randrange(5):
        case 0:
            return body[: chance.randrange(len(body) + 1)], kind
        case 1:
            return body.replace(b"\r\n", b"\n"), kind
        case 2:
            return body.replace(
                b"form-data", chance.choice((b"\xff", b"attachment", b"form-data; name*=no''%ff"))
            ), kind
        case 3:
            extra = chance.choice(("base64", "quoted-printable", "8bit", "x"))
            return body.replace(b"\r\n\r\n", f"\r\nContent-Transfer-Encoding: {extra}\r\n\r\n".encode()), kind
        case _:
            return body.replace(b"a", chance.choice((b"\xff", b"\x00", b"\xed\xa0\x80"))), kind


BODIES: dict[str, tuple[Callable[[Random, Fields], tuple[bytes, str]], int]] = {
    "": (_as_form, 70),
    "not UTF-8": (_not_utf8, 6),
    "as JSON": (_as_json, 4),
    "gzipped": (_gzipped, 2),
    "noise": (_noise, 3),
    "as multipart": (_as_multipart, 8),
    "multipart broken": (_broken_multipart, 7),
}


# ---- the whole request


def spoil(targets: Sequence[Target], seed: int, number: int) -> Bad:
    """Bad request number so-and-so of this seed."""
    chance = Random(f"{seed}/{number}")
    # Every target has its turn; only what is done to it is left to chance.
    target = targets[(number * 7919) % len(targets)]
    spoiled = _choose(chance, {name: weight for name, (_, weight) in FIELDS.items()})
    fields = FIELDS[spoiled][0](chance, list(target.fields))
    how, method, path = [spoiled], target.method, target.path
    if chance.random() < 0.06:
        method = chance.choice(_METHODS)
        how.append(f"{method} for {target.method}")
    if chance.random() < 0.06:
        path = _spoilt_path(chance, path)
        how.append("another address")
    bad = Bad(target.who, method, path, b"", b"", "", {})
    if method.upper() in _SAFE:
        bad = replace(bad, query=_query(chance, fields))
    else:
        name = _choose(chance, {name: weight for name, (_, weight) in BODIES.items()})
        make = _as_multipart if target.multipart and not name else BODIES[name][0]
        body, kind = make(chance, fields)
        how += [name] if name else []
        bad = replace(bad, body=body, content_type=kind)
    headers, said = _headers(chance, target)
    return replace(bad, headers=headers, how=(*how, *said))


def _choose(chance: Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _query(chance: Random, fields: Fields) -> bytes:
    query = _encoded(fields)
    return query + b"&q=" + chance.choice(NOT_UTF8) if chance.random() < 0.06 else query


def _spoilt_path(chance: Random, path: str) -> str:
    match chance.randrange(5):
        case 0:
            return path.rstrip("/")
        case 1:
            return path + any_value(chance)[:2000]
        case 2:
            parts = path.split("/")
            parts[chance.randrange(len(parts))] = any_value(chance)[:2000]
            return "/" + "/".join(parts).lstrip("/")
        case 3:
            return "/" + path
        case _:
            return path + "../" * 3


def _headers(chance: Random, target: Target) -> tuple[dict[str, str], list[str]]:
    headers, said = ({"HX-Request": "true", "HX-Current-URL": "http://testserver/"} if target.htmx else {}), []
    for _ in range(chance.choice((0, 0, 0, 1, 1, 3))):
        name = chance.choice(list(HEADERS))
        headers[name] = chance.choice(HEADERS[name])
        said.append(name)
    if chance.random() < 0.02:
        name = chance.choice(list(HEADERS))
        headers[name] = any_value(chance)[:8000]
        said.append(f"{name} with something else")
    return headers, said
