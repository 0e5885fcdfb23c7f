"""The store against the journal, by plain SQL and by nothing the commands use."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from nhactruong.assembly.supervision.database import cluster_of
from nhactruong.assembly.supervision.installation import from_environ
from tests.journeys.office import Installation
from tests.long.commune import CHIEF, DRAFTER, SIGNER, Carried
from tests.long.journal import Journal

#: Acts of the journal → what the record calls them; `save` leaves no row, `draft` is counted.
_RECORDED: Final = {
    "draft": "outgoing.drafted",
    "submit": "outgoing.submitted",
    "approve": "outgoing.content_approved",
    "sign": "outgoing.signed",
    "number": "outgoing.numbered",
    "seal": "outgoing.seal_requested",
    "issue": "outgoing.issued",
    "register": "incoming.registered",
}
#: What the office does by itself after them, once a document each.
_FOLLOWING: Final = ("outgoing.sealed", "incoming.received")
_RENDITIONS: Final = ("numbered", "presented", "sealed", "signed")
#: Tables in which merely being asked, or merely living on, leaves something: of the record only the
#: acts are counted, since readings and roots are rows of it, too.
_RESTLESS: Final = (
    "django_session",
    "audit_auditlink",
    "audit_auditpending",
    "worker_beat",
    "procrastinate_workers",
    "accounts_user",
)
#: What the hash of a row covers, in this order.
_HASHED: Final = (
    *("event_id", "at", "keep", "action", "outcome", "reason_code", "object_type", "object_id"),
    *("agency_id", "secrecy", "user_id", "person_name", "post_id", "post_title", "on_behalf_of"),
    *("service", "session_id", "auth_method", "client_address", "device", "request_id", "reason"),
    "facts",
)
Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Store:
    """The database of an installation and its files, looked at from outside."""

    office: Installation

    def rows(self, sql: str, *values: Any) -> Rows:
        """What the statement finds."""
        url = cluster_of(from_environ(self.office.environment)).application_url
        with psycopg.connect(url, row_factory=dict_row) as database:
            return database.execute(sql, values).fetchall()  # type: ignore[arg-type]  # our own words

    def counts(self) -> dict[str, tuple[int, int]]:
        """Table → (rows, a sum over their content), the restless ones left out."""
        tables = self.rows(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        found = {}
        for name in sorted(row["relname"] for row in tables):
            if name not in _RESTLESS:
                acts = " WHERE keep <> 'read' AND action NOT LIKE 'audit.%%'"
                (row,) = self.rows(
                    f'SELECT count(*) AS n, coalesce(sum(hashtext(t::text)::bigint), 0) AS s FROM "{name}" t'  # noqa: S608  # names from the catalogue
                    + (acts if name == "audit_auditrow" else "")
                )
                found[name] = (row["n"], int(row["s"]))
        return found

    def is_settled(self) -> bool:
        """Whether nothing waits in the queue, runs, or has no place in the chain yet."""
        (row,) = self.rows(
            "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
            " + (SELECT count(*) FROM audit_auditpending) AS open"
        )
        return bool(row["open"] == 0)


def commune_ids(store: Store) -> tuple[int, int, int]:
    """(organ, recipient agency, row of the signing table) of the story."""
    (row,) = store.rows(
        "SELECT o.id AS organ, a.id AS authority, (SELECT id FROM organization_agency WHERE key = 'tu') AS tu"
        " FROM organization_organ o JOIN organization_signingauthority a ON a.organ_id = o.id"
        " JOIN organization_holding h ON h.post_id = a.post_id AND h.valid @> CURRENT_DATE"
        " JOIN organization_person p ON p.id = h.person_id AND p.key = %s"
        " WHERE o.key = 'dong-mo.btv' AND a.valid @> CURRENT_DATE LIMIT 1",
        SIGNER,
    )
    return row["organ"], row["tu"], row["authority"]


def faults(store: Store, journal: Journal, carried: Sequence[Carried]) -> list[str]:
    """Everything in which the store and what people were told differ; empty when nothing does."""
    sent = [one.outgoing_id for one in carried]
    came = [one.incoming_id for one in carried]
    return [
        *_acts(store, journal, carried),
        *_states(store, sent, came),
        *_contents(store, sent, came),
        *_series(store, sent, came),
        *_copies(store, carried),
        *_work(store, sent, came),
        *_chain(store),
        *_queue(store),
    ]


def _acts(store: Store, journal: Journal, carried: Sequence[Carried]) -> list[str]:
    """Every acknowledged act stands in the record once, and nothing else stands there."""
    told = Counter((entry.act, entry.subject) for entry in journal.entries)
    found = [f"acknowledged {n} times: {act}" for act, n in told.items() if n != 1]
    ids = [one.outgoing_id for one in carried] + [one.incoming_id for one in carried]
    rows = store.rows(
        "SELECT object_id::text AS id, action, count(*) AS n FROM audit_auditrow"
        " WHERE object_id = ANY(%s::uuid[]) AND keep <> 'read' AND outcome = 'ok' GROUP BY 1, 2",
        ids,
    )
    recorded = {(row["id"], row["action"]): row["n"] for row in rows}
    wanted = {}
    for one in carried:
        for act, action in _RECORDED.items():
            if (act, one.subject) in told:
                thing = one.incoming_id if action.startswith("incoming") else one.outgoing_id
                wanted[thing, action] = 1
        wanted[one.outgoing_id, "outgoing.sealed"] = 1
        wanted[one.incoming_id, "incoming.received"] = 1
    for key in sorted(wanted.keys() | recorded.keys()):
        if wanted.get(key, 0) != recorded.get(key, 0):
            found.append(f"{key}: told {wanted.get(key, 0)}, recorded {recorded.get(key, 0)}")
    drafts = store.rows(
        "SELECT count(*) AS n FROM outgoing_outgoingdocument d JOIN organization_person p"
        " ON p.id = d.drafter_person_id WHERE p.key = %s AND d.subject LIKE %s",
        DRAFTER,
        "tình hình đê bao, tổ %",
    )
    if drafts[0]["n"] != len(journal.of("draft")):
        found.append(f"drafts: told {len(journal.of('draft'))}, in the store {drafts[0]['n']}")
    approvers = store.rows(
        "SELECT DISTINCT u.username AS name FROM audit_auditrow r JOIN accounts_user u"
        " ON u.id = r.user_id WHERE action = 'outgoing.content_approved' AND object_id = ANY(%s::uuid[])",
        ids,
    )
    if [row["name"] for row in approvers] != [CHIEF]:
        found.append(f"approved by {approvers}")
    return found


def _states(store: Store, sent: list[str], came: list[str]) -> list[str]:
    rows = store.rows(
        "SELECT 'outgoing' AS kind, state, count(*) AS n FROM outgoing_outgoingdocument"
        " WHERE public_id = ANY(%s::uuid[]) GROUP BY 2 UNION ALL"
        " SELECT 'incoming', state, count(*) FROM incoming_incomingdocument"
        " WHERE public_id = ANY(%s::uuid[]) GROUP BY 2",
        sent,
        came,
    )
    standing = {(row["kind"], row["state"]): row["n"] for row in rows}
    wanted = {("outgoing", "issued"): len(sent), ("incoming", "submitted"): len(came)}
    stuck = store.rows("SELECT public_id FROM outgoing_outgoingdocument WHERE state = 'sealing'")
    return [
        *([f"states {standing}, wanted {wanted}"] if standing != wanted else []),
        *(f"stuck in the seal: {row['public_id']}" for row in stuck),
    ]


def _contents(store: Store, sent: list[str], came: list[str]) -> list[str]:
    """One rendition of each purpose, each made from the one before, bytes as their hash says."""
    rows = store.rows(
        "SELECT d.public_id::text AS id, r.purpose, r.parent_sha256, b.sha256, b.size_bytes,"
        " pr.purpose AS parent, pb.sha256 AS parent_bytes FROM documents_rendition r"
        " JOIN documents_componentversion v ON v.id = r.version_id"
        " JOIN documents_component c ON c.id = v.component_id"
        " JOIN documents_document d ON d.id = c.document_id"
        " JOIN files_holding h ON h.id = r.holding_id JOIN files_blob b ON b.id = h.blob_id"
        " LEFT JOIN documents_rendition pr ON pr.id = r.parent_id"
        " LEFT JOIN files_holding ph ON ph.id = pr.holding_id"
        " LEFT JOIN files_blob pb ON pb.id = ph.blob_id WHERE d.public_id = ANY(%s::uuid[])",
        sent + came,
    )
    found = []
    purposes: dict[str, list[str]] = {}
    for row in rows:
        purposes.setdefault(row["id"], []).append(row["purpose"])
        stored = store.office.state / "files" / row["sha256"][:2] / row["sha256"][2:4]
        found += _bytes_fault(stored / row["sha256"], row["size_bytes"])
        if row["parent_bytes"] and row["parent_bytes"] != row["parent_sha256"]:
            found.append(f"{row['id']} {row['purpose']}: made from other bytes than it says")
    for document in sent:
        if tuple(sorted(purposes.get(document, []))) != _RENDITIONS:
            found.append(f"{document}: renditions {sorted(purposes.get(document, []))}")
    for document in came:
        if purposes.get(document) != ["original"]:
            found.append(f"received {document}: renditions {purposes.get(document)}")
    signatures = store.rows(
        "SELECT d.public_id::text AS id, array_agg(s.kind ORDER BY s.kind) AS kinds"
        " FROM signing_signaturerecord s JOIN documents_rendition r ON r.id = s.rendition_id"
        " JOIN documents_componentversion v ON v.id = r.version_id"
        " JOIN documents_component c ON c.id = v.component_id"
        " JOIN documents_document d ON d.id = c.document_id"
        " WHERE d.public_id = ANY(%s::uuid[]) GROUP BY 1",
        sent,
    )
    kinds = {row["id"]: row["kinds"] for row in signatures}
    found += [
        f"{document}: signatures {kinds.get(document)}"
        for document in sent
        if kinds.get(document) != ["agency", "personal"]
    ]
    reports = store.rows(
        "SELECT d.public_id::text AS id, r.purpose, count(p.id) AS n,"
        " bool_and(p.verdict = 'valid') AS valid FROM documents_rendition r"
        " JOIN documents_componentversion v ON v.id = r.version_id"
        " JOIN documents_component c ON c.id = v.component_id"
        " JOIN documents_document d ON d.id = c.document_id"
        " LEFT JOIN signing_verificationreport p ON p.rendition_id = r.id"
        " WHERE d.public_id = ANY(%s::uuid[]) AND r.purpose IN ('sealed', 'original')"
        " GROUP BY 1, 2",
        sent + came,
    )
    return found + [
        f"{row['id']} {row['purpose']}: {row['n']} reports, valid: {row['valid']}"
        for row in reports
        if not row["valid"]
    ]


def _bytes_fault(path: Path, size: int) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError:
        return [f"lost bytes: {path.name}"]
    is_true = hashlib.sha256(content).hexdigest() == path.name and len(content) == size
    return [] if is_true else [f"bytes differ from their hash: {path.name}"]


def _series(store: Store, sent: list[str], came: list[str]) -> list[str]:
    """One number a document, every series of theirs 1…last without gap or twin."""
    rows = store.rows(
        "SELECT s.id, s.last_number, count(a.number) AS n, count(DISTINCT a.number) AS differing,"
        " min(a.number) AS first, max(a.number) AS last FROM numbering_numberseries s"
        " JOIN numbering_allottednumber a ON a.series_id = s.id WHERE s.id IN (SELECT series_id"
        " FROM numbering_allottednumber WHERE object_id = ANY(%s::uuid[])) GROUP BY 1, 2",
        sent + came,
    )
    found = [
        f"series: {row}"
        for row in rows
        if row["last_number"] != row["last"]
        or row["last"] - row["first"] + 1 != row["n"]
        or row["n"] != row["differing"]
    ]
    numbers = store.rows(
        "SELECT object_id::text AS id, count(*) AS n FROM numbering_allottednumber"
        " WHERE object_id = ANY(%s::uuid[]) GROUP BY 1",
        sent + came,
    )
    given = {row["id"]: row["n"] for row in numbers}
    found += [
        f"{thing}: {given.get(thing, 0)} numbers" for thing in sent + came if given.get(thing) != 1
    ]
    disagreeing = store.rows(
        "SELECT d.public_id FROM outgoing_outgoingdocument d JOIN numbering_allottednumber a"
        " ON a.object_id = d.public_id WHERE d.public_id = ANY(%s::uuid[]) AND (d.number <> a.number"
        " OR d.series_id <> a.series_id OR split_part(d.reference_code, '-', 1)::int <> a.number)",
        sent,
    )
    return found + [f"number and register disagree: {row['public_id']}" for row in disagreeing]


def _copies(store: Store, carried: Sequence[Carried]) -> list[str]:
    """One delivery and one record of the recipient's own for every document, acknowledged."""
    rows = store.rows(
        "SELECT d.public_id::text AS sent, v.state, i.public_id::text AS came"
        " FROM documents_document d LEFT JOIN distribution_delivery v ON v.document_id = d.id"
        " LEFT JOIN incoming_incomingdocument i ON i.delivery_id = v.id"
        " WHERE d.public_id = ANY(%s::uuid[])",
        [one.outgoing_id for one in carried],
    )
    standing = Counter((row["sent"], row["state"], row["came"]) for row in rows)
    wanted = Counter((one.outgoing_id, "acknowledged", one.incoming_id) for one in carried)
    return (
        [f"copies: {dict(standing - wanted)} instead of {dict(wanted - standing)}"]
        if (standing != wanted)
        else []
    )


def _work(store: Store, sent: list[str], came: list[str]) -> list[str]:
    """Nothing waits about what is issued; one piece of work about each registered copy."""
    rows = store.rows(
        "SELECT object_id::text AS id, array_agg(kind) AS kinds FROM workitems_workitem"
        " WHERE is_open AND object_id = ANY(%s::uuid[]) GROUP BY 1",
        sent + came,
    )
    waiting = {row["id"]: row["kinds"] for row in rows}
    return [
        *(f"{thing} still waits: {waiting[thing]}" for thing in sent if thing in waiting),
        *(f"{t}: {waiting.get(t)}" for t in came if waiting.get(t) != ["incoming.direct"]),
    ]


def _chain(store: Store) -> list[str]:
    """The record's own hashes and its chain, computed here again."""
    rows = store.rows(
        "SELECT l.position, l.previous, l.row_hash, l.hash AS link, r.* FROM audit_auditrow r"
        " LEFT JOIN audit_auditlink l ON l.row_id = r.id ORDER BY l.position NULLS LAST"
    )
    previous = "0" * 64
    for place, row in enumerate(rows, start=1):
        fields = [None if row[name] is None else str(row[name]) for name in _HASHED]
        at = row["at"].astimezone(UTC)
        fields[1] = f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
        fields[-1] = json.dumps(
            row["facts"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        own = hashlib.sha256(f"2{text}".encode()).hexdigest()
        link = hashlib.sha256(f"{previous}{own}".encode()).hexdigest()
        if (row["position"], row["previous"], row["row_hash"], row["link"]) != (
            place,
            previous,
            own,
            link,
        ):
            return [f"the chain of the record breaks at place {place}: {row['action']}"]
        previous = link
    return []


def _queue(store: Store) -> list[str]:
    rows = store.rows("SELECT status::text, args->>'handler' AS handler FROM procrastinate_jobs")
    return [
        f"job left {row['status']}: {row['handler']}"
        for row in rows
        if row["status"] != "succeeded"
    ]
