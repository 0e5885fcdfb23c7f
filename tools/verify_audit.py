#!/usr/bin/env python3
"""Verifies an exported record with nothing of the program that wrote it, one line a harm.

    python verify_audit.py FOLDER [public-key.pem]      (format: docs/how-it-works/audit-record.md)

Exit code 0: the record holds; 1: it was harmed; 2: it cannot be read. Without a key of your own
the key of the folder is believed: compare the fingerprint printed. Needs `cryptography`.
"""

import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_der_x509_certificate

FIELDS = (
    "event_id at keep action outcome reason_code object_type object_id agency_id secrecy user_id "
    "person_name post_id post_title on_behalf_of service session_id auth_method client_address "
    "device request_id reason facts"
).split()
NEWER = {"keep", "reason_code", "auth_method", "device", "request_id"}
FAULTS = (ValueError, InvalidSignature, LookupError, StopIteration, TypeError, AttributeError)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def row_hash(row):
    if row["version"] == 2:
        return sha(f"2{canonical([row[name] for name in FIELDS])}".encode())
    told = {n: row[n] for n in FIELDS if n not in NEWER or (row[n] and n != "keep")}
    numbers = [n for n in ("agency_id", "secrecy", "user_id", "post_id") if told[n] is not None]
    told.update({name: int(told[name]) for name in numbers})
    told["at"] = told["at"].removesuffix("Z").removesuffix(".000000") + "+00:00"
    return sha(canonical({**told, "facts": json.loads(told["facts"])}).encode())


def tree_root(nodes):
    """RFC 6962: an inner node hashes 0x01 and both sides; an odd one waits for its right side."""
    while len(nodes) > 1:
        pairs, odd = zip(nodes[::2], nodes[1::2], strict=False), nodes[len(nodes) & ~1 :]
        nodes = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return nodes[0].hex() if nodes else ""


def opened(content, key):
    """The body of a signed file. ValueError when one letter of it was changed."""
    told = json.loads(content)
    body, signature = told["body"], bytes.fromhex(told["signature"])
    again = {"body": body, "key": sha(key.public_bytes_raw()), "signature": signature.hex()}
    key.verify(signature, canonical(body).encode())
    if content != (canonical(again) + "\n").encode():
        raise ValueError("not as it was written")
    return body


def der(data):
    """The (tag, content, whole) of the elements that stand one after another in `data`."""
    found = []
    while data:
        long = data[1] & 0x7F if data[1] & 0x80 else 0
        end = 2 + long + (int.from_bytes(data[2 : 2 + long]) if long else data[1])
        found.append((data[0], data[2 + long : end], data[:end]))
        data = data[end:]
    return found


def dig(data, *path):
    for number in path:
        data = der(data)[number][1]
    return data


def check_stamp(answer, content):
    """ValueError or InvalidSignature unless the RFC 3161 answer is a signed stamp of `content`."""
    signed = dig(answer, 0, 1, 1, 0)
    told = dig(signed, 2, 1, 0)
    signer = der(dig(der(signed)[-1][1], 0))
    place = next(n for n, item in enumerate(signer) if item[0] == 0xA0)
    attributes = {dig(a[2], 0, 0): dig(a[2], 0, 1, 0) for a in der(signer[place][1])}
    method = {1: "sha256", 2: "sha384", 3: "sha512"}[dig(signer[2][2], 0, 0)[-1]]
    digests = hashlib.sha256(content).digest(), hashlib.new(method, told).digest()
    if digests != (dig(told, 0, 2, 1), attributes[bytes.fromhex("2a864886f70d010904")]):
        raise ValueError("stamp of something else")
    covered, algorithm = b"\x31" + signer[place][2][1:], getattr(hashes, method.upper())()
    certificates = der(next(item[1] for item in der(signed) if item[0] == 0xA0))
    known = {c.serial_number: c for c in (load_der_x509_certificate(i[2]) for i in certificates)}
    key = known[int.from_bytes(dig(signer[1][2], 0, 1))].public_key()
    is_rsa = isinstance(key, rsa.RSAPublicKey)
    how = [padding.PKCS1v15(), algorithm] if is_rsa else [ec.ECDSA(algorithm)]
    key.verify(signer[place + 2][1], covered, *how)


def judge_shelf(folder, key, harm):
    """The roots and notes that hold, and the digest of every root file."""
    roots, notes, digests, before, expected = [], {}, {}, "0" * 64, 1
    for path in [*sorted(folder.glob("roots/*.json")), *sorted(folder.glob("expired/*.json"))]:
        content, number = path.read_bytes(), int(path.stem) if path.stem.isdigit() else 0
        what = f"root {number}" if number else path.stem
        for lost in range(expected, number):
            harm((0, "root_deleted", f"root {lost}"))
            before = None
        expected, digests[number] = number + 1, sha(content)
        kind, stamp = "root_altered" if number else "expiry_wrong", path.with_suffix(".tsr")
        try:
            body = opened(content, key)
            if number and (body["number"] != number or before not in (None, body["previous_root"])):
                raise ValueError("order")
            kind = "stamp_wrong"
            if stamp.exists():
                check_stamp(stamp.read_bytes(), content)
        except FAULTS:
            harm((0, kind, what))
        if kind != "stamp_wrong":
            before = None
        elif number:
            roots, before = [*roots, body], sha(content)
        else:
            notes[body["keep"], body["month"]] = {**body, "n": 0, "running": hashlib.sha256()}
    return roots, notes, digests


def lines(path):
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def verify(folder, key):
    """Every harm as (position or 0, kind, what), and the positions at the end without a root."""
    harms, rows, suspects, leaves = [], {}, {}, {}
    (manifest,) = lines(folder / "manifest.json")
    first, previous = manifest["first_position"], manifest["previous"]
    harm, place = harms.append, first - 1
    roots, notes, digests = judge_shelf(folder, key, harm)
    for row in lines(folder / "rows.jsonl"):
        told = json.loads(row["facts"]) if row["action"] == "audit.root_sealed" else None
        rows[row["id"]] = (row_hash(row), row["hash"], row["keep"], row["at"], told)
    for position, row_id, keep, at, before, own, link, sealed_at in lines(folder / "links.jsonl"):
        what = f"row {row_id}"
        harms += [(lost, "link_deleted", "") for lost in range(place + 1, position)]
        torn = position == place + 1 and previous not in (None, before)
        if torn or link != sha(f"{before}{own}".encode()):
            harm((position, "relinked", what))
        place, previous = position, link
        true, kept, row_keep, row_at, told = rows.pop(row_id, (None,) * 5)
        if true is None and (keep, at[:7]) in notes:
            notes[keep, at[:7]]["n"] += 1
            notes[keep, at[:7]]["running"].update(own.encode())
        elif true != own or kept != own:
            suspects[position] = (own, kept if true == own else true, what)
        elif (row_keep, row_at) != (keep, at):
            harm((position, "relinked", what))
        elif told and digests.get(told["number"]) != told["digest"]:
            kind = "root_altered" if told["number"] in digests else "root_deleted"
            harm((0, kind, f"root {told['number']}"))
        leaf = f"{position}|{row_id}|{keep}|{at}|{own}|{link}|{sealed_at}"
        leaves[position] = hashlib.sha256(b"\0" + leaf.encode()).digest()
    truth = {own: true for own, true, _ in suspects.values()}
    for position, (own, true, what) in suspects.items():
        kind = "deleted" if true is None else "swapped" if truth.get(true) == own else "altered"
        harm((position, kind, what))
    harms += [(0, "inserted", f"row {row_id}") for row_id in rows]
    covered = max((root["last_position"] for root in roots), default=0)
    if manifest["to_end"] and not covered <= place == manifest["last_position"]:
        harm((min(place, manifest["last_position"]) + 1, "truncated", ""))
    for root in roots:
        low, high = root["first_position"], root["last_position"]
        tree = tree_root([leaves[n] for n in range(low, high + 1) if n in leaves])
        if first <= low and high <= place and tree != root["merkle"]:
            harm((low, "rewritten", f"root {root['number']}"))
    for (keep, month), note in notes.items() if manifest["to_end"] and first == 1 else ():
        if (note["n"], note["running"].hexdigest()) != (note["rows"], note["digest"]):
            harm((0, "expiry_wrong", f"{keep} {month}"))
    return sorted(set(harms)), range(max(covered + 1, first), place + 1)


def main(folder, key_file=None):
    try:
        key = load_pem_public_key(Path(key_file or f"{folder}/public-key.pem").read_bytes())
        harms, loose = verify(Path(folder), key)
    except (OSError, ValueError, KeyError) as fault:
        return print(f"cannot be read: {fault}", file=sys.stderr) or 2
    said = [f"{kind} at {at} {what}" for at, kind, what in harms] or ["the record holds"]
    said += [f"unanchored from position {loose[0]}"] if loose else []
    print(f"key {sha(key.public_bytes_raw())}", *said, sep="\n")
    return 1 if harms else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (2, 3) else print(__doc__) or 2)
