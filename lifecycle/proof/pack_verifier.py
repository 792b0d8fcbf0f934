#!/usr/bin/env python3
"""Checks an auditor's pack of one lead. Needs Python 3.9 or later and nothing else; reads, writes and asks nobody.

    python3 verify.py PACK [--key FILE] [--checkpoint FILE ...]

PACK is the .zip or the folder that it was unpacked to. The key is a file with the public key of the office's log, from
somebody other than whoever gave you the pack. A checkpoint is one that you kept yourself, from a letter for example.
Exit code 0: proven. 1: something is not as it should be. 2: this is no pack that can be read.
"""

import argparse
import base64
import hashlib
import json
import zipfile
from pathlib import Path


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Ed25519, RFC 8032, section 5.1: only the checking of a signature ---
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * pow(2, (P - 1) // 4, P) % P if (x * x - square) % P else x
    if (x * x - square) % P or y >= P or (x == 0 and odd):
        raise ValueError("no point of the curve")
    return P - x if x & 1 != odd else x


def point(raw):
    odd, y = divmod(int.from_bytes(raw, "little"), 1 << 255)
    return recover(y, odd), y, 1, recover(y, odd) * y % P


def add(p, q):
    a, b, c = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D
    d = 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, p):
    made = (0, 1, 1, 0)
    while scalar:
        made = add(made, p) if scalar & 1 else made
        p, scalar = add(p, p), scalar >> 1
    return made


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    try:
        left, right = times(s, BASE), add(point(signature[:32]), times(hashed, point(key)))
    except ValueError:
        return False
    same = all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))
    return same and len(signature) == 64 and s < ORDER


# --- Merkle trees, RFC 9162, section 2.1 ---
def sides(at, last, path):
    """For each step of a path whether it stands on the left; None for a path of the wrong length."""
    found = []
    for _ in path:
        if last == 0:
            return None
        found.append(at & 1 or at == last)
        while at and not at & 1 and found[-1]:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def root_of_leaf(leaf, place, size, path):
    """2.1.3.2: the root that this leaf has at this place, or None."""
    made, left = sha256(b"\0" + leaf), sides(place, size - 1, path)
    for on_left, step in zip(left or [], path):
        made = sha256(b"\1" + step + made) if on_left else sha256(b"\1" + made + step)
    return None if left is None else made


def is_beginning(old_size, old_root, size, root, path):
    """2.1.4.2: whether the tree of the old size is the beginning of the other."""
    if old_size == size:
        return not path and old_root == root
    first, *path = ([old_root] if old_size & (old_size - 1) == 0 else []) + path
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before, after, left = first, first, sides(at, last, path)
    for on_left, step in zip(left or [], path):
        before = sha256(b"\1" + step + before) if on_left else before
        after = sha256(b"\1" + step + after) if on_left else sha256(b"\1" + after + step)
    return left is not None and (before, after) == (old_root, root)


def canonical(value):
    """RFC 8785 for what a fact holds: text, whole numbers, truth values, nulls, lists and objects of these."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_pack(place):
    if place.is_dir():
        return {str(f.relative_to(place)): f.read_text(encoding="utf-8") for f in place.rglob("*") if f.is_file()}
    with zipfile.ZipFile(place) as pack:
        return {name: pack.read(name).decode() for name in pack.namelist() if not name.endswith("/")}


def read_note(text):
    body, _, signature = text.partition("\n\n")
    lines = body.split("\n")
    says = dict(line.split(" ", 1) for line in lines[3:])
    return {
        "log": lines[0], "size": int(lines[1]), "root": base64.b64decode(lines[2]), "number": int(says["number"]),
        "previous": says["previous"].strip("-"), "time": says["time"], "text": text, "body": (body + "\n").encode(),
        "signature": base64.b64decode(signature.split(" ")[2]),
    }  # fmt: skip


def check_checkpoints(notes, key, growth, wrong):
    name, number, coded = key.split("+", 2)
    raw, newest = base64.b64decode(coded), notes[-1]
    named = newest["signature"][:4] == bytes.fromhex(number) == sha256(f"{name}\n".encode() + raw)[:4]
    if not (named and is_signed(raw[1:], newest["body"], newest["signature"][4:])):
        wrong.append(f"checkpoint {newest['number']} is not signed by the key {name}+{number}")
    previous = ""
    for after in notes:
        if after["previous"] != previous:
            wrong.append(f"checkpoint {after['number']} does not follow the one before it")
        previous = sha256(after["text"].encode()).hex()
        path = [bytes.fromhex(step) for step in growth.get(str(after["number"]), [])]
        if after["size"] and not is_beginning(after["size"], after["root"], newest["size"], newest["root"], path):
            wrong.append(f"the log of checkpoint {after['number']} is not the beginning of the newest one's")


def check_facts(facts, newest, wrong):
    previous, covered = "", 0
    for version, fact in enumerate(facts, start=1):
        form, words = fact["form"], fact["words"]
        if form["version"] != version or form["previous"] != previous or form["lead"] != facts[0]["form"]["lead"]:
            wrong.append(f"fact {version} does not follow the one before it")
        if sha256(canonical(form)).hex() != fact["hash"]:
            wrong.append(f"fact {version} is not what its hash was made of")
        if words and sha256(canonical(words)).hex() != form["note_digest"]:
            wrong.append(f"the words of fact {version} are not those that were written")
        if fact["leaf"] is not None:
            leaf, *path = [bytes.fromhex(step) for step in (fact["hash"], *fact["path"])]
            covered += 1
            if root_of_leaf(leaf, fact["leaf"], newest["size"], path) != newest["root"]:
                wrong.append(f"fact {version} is not in the log of checkpoint {newest['number']}")
        previous = fact["hash"]
    return covered


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("pack", type=Path)
    asked.add_argument("--key", help="a file with the public key of the log")
    asked.add_argument("--checkpoint", type=Path, nargs="+", default=[], help="checkpoints that you kept yourself")
    options = asked.parse_args()
    wrong = []
    try:
        files = read_pack(options.pack)
        facts = [json.loads(line) for line in files["facts.jsonl"].split("\n") if line]
        texts = [text for name, text in sorted(files.items()) if name.startswith("checkpoints/")]
        notes = [read_note(text) for text in texts]
        key = (Path(options.key).read_text() if options.key else files["public-key.txt"]).strip()
        check_checkpoints(notes, key, json.loads(files["growth.json"]), wrong)
        covered = check_facts(facts, notes[-1], wrong)
        kept = {file: file.read_text(encoding="utf-8-sig").strip() + "\n" for file in options.checkpoint}
        wrong += [
            f"your checkpoint {file} is not one of this log's" for file, text in kept.items() if text not in texts
        ]
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        print(f"This is no pack that can be read: {type(error).__name__} {error}")
        return 2
    silent = [fact for fact in facts if fact["form"]["note_digest"] and not fact["words"]]
    print(f"{len(facts)} facts of one lead; the words of {len(silent)} were erased or left out.")
    print(
        f"{covered} facts are covered by checkpoint {notes[-1]['number']} of {notes[-1]['log']}, {notes[-1]['time']}."
    )
    print("" if options.key else f"The key is the pack's own. Compare it with what somebody else told you: {key}")
    print("\n".join(f"WRONG: {sentence}" for sentence in wrong) or "Proven: every fact is as it was recorded.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
