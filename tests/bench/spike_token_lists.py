"""Spike behind ADR 0001: what token-filtered keyset lists cost in raw SQL.

    python tests/bench/spike_token_lists.py DATABASE_URL build  --rows 1000000
    python tests/bench/spike_token_lists.py DATABASE_URL read   --shapes array cover choose
    python tests/bench/spike_token_lists.py DATABASE_URL plans  --shapes array choose
    python tests/bench/spike_token_lists.py DATABASE_URL prepared
    python tests/bench/spike_token_lists.py DATABASE_URL write
    python tests/bench/spike_token_lists.py DATABASE_URL sizes

The database must be a scratch one: `build` drops and creates the tables it measures. Rows, people
and pages are deterministic; times are wall clock at the client in milliseconds, rows fetched.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

PAGE = 51
COUNT_CAP = 10_001
TEXT_COUNT_CAP = 1_001
TAB_CAP = 1_000
#: All rows of an actor are fetched and sorted when they are few, and few beside the agency's own.
GATHER_AT_MOST = 8_000
GATHER_SHARE = 100
DEEP = 10_000
STATEMENT_LIMIT_MS = 8_000
OPEN_STATES = ("registered", "routed", "assigned", "in_progress", "returned")

#: Share of every agency in thousandths; the first one is the large one.
AGENCY_WEIGHTS = (600, 90, 70, 50, 40, 30, 25, 20, 20, 15, 15, 10, 10, 5)

BUILD = """
DROP TABLE IF EXISTS incoming_document, sight, sight_grant CASCADE;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE OR REPLACE FUNCTION h(i bigint, salt int, n int) RETURNS int LANGUAGE sql IMMUTABLE
  AS $$ SELECT (abs(hashint8extended(i, salt) % n))::int $$;
CREATE TABLE incoming_document (
  id bigint NOT NULL, public_id uuid NOT NULL, agency_id int NOT NULL, registry_id int NOT NULL,
  arrival_on date NOT NULL, arrival_number int NOT NULL, state text NOT NULL,
  document_type text NOT NULL, secrecy smallint NOT NULL, urgency text NOT NULL,
  issuer_name text NOT NULL, original_number text NOT NULL, original_on date NOT NULL,
  subject text NOT NULL, folded text NOT NULL, remark text NOT NULL, page_count smallint NOT NULL,
  lead_unit_id int NOT NULL, registered_by int NOT NULL, due_on date, version int NOT NULL,
  created_at timestamptz NOT NULL, changed_at timestamptz NOT NULL, readers int[] NOT NULL
) WITH (fillfactor = 90);
"""

#: One statement writes all rows: id order is date order, as in a live book of arrivals.
FILL = """
INSERT INTO incoming_document
SELECT i, gen_random_uuid(), a, a * 10 + h(i, 21, 2), d, i::int,
  CASE WHEN d > DATE '2026-09-20'
       THEN (ARRAY['registered','routed','assigned','in_progress','in_progress','done','done',
                   'done','returned','filed'])[1 + h(i, 5, 10)]
       WHEN h(i, 5, 1000) < 5 THEN 'returned' WHEN h(i, 5, 1000) < 8 THEN 'in_progress'
       WHEN h(i, 5, 1000) < 300 THEN 'done' ELSE 'filed' END,
  CASE WHEN h(i, 6, 100) < 50 THEN 'cv' WHEN h(i, 6, 100) < 65 THEN 'bc'
       WHEN h(i, 6, 100) < 98 THEN 'k' || h(i, 7, 20) ELSE 'r' || h(i, 7, 7) END,
  CASE WHEN h(i, 8, 1000) < 700 THEN 0 WHEN h(i, 8, 1000) < 950 THEN 1
       WHEN h(i, 8, 1000) < 990 THEN 2 WHEN h(i, 8, 1000) < 998 THEN 3 ELSE 4 END,
  (ARRAY['normal','normal','normal','urgent','very_urgent'])[1 + h(i, 9, 5)],
  'Đảng ủy xã ' || h(i, 10, 900), h(i, 11, 4000) || '-CV/ĐU', d - h(i, 12, 6),
  s.v || ' ' || s.t || ' tại xã số ' || h(i, 15, 2000) || ' nhiệm kỳ 2025-2030, đợt '
    || h(i, 16, 9),
  s.vf || ' ' || s.tf || ' tai xa so ' || h(i, 15, 2000) || ' nhiem ky 2025-2030, dot '
    || h(i, 16, 9),
  repeat('ghi chú của văn thư; ', h(i, 17, 6)), 1 + h(i, 18, 20), a * 1000 + 10 + u,
  a * 1000 + 1, d + 10, 1, d::timestamptz, d::timestamptz,
  ARRAY[a * 1000 + 1, a * 1000 + 2, a * 1000 + 3, a * 1000 + 4, a * 1000 + 10 + u,
        a * 1000 + 20 + u,
        -- Post 6 of a unit was abolished in June 2024: post 5 has had its papers since.
        a * 1000 + 100 + u * 7 + CASE WHEN d > DATE '2024-06-01' AND h(i, 3, 7) = 6 THEN 5
                                      ELSE h(i, 3, 7) END]
  || CASE WHEN h(i, 30, 2) = 0 THEN ARRAY[a * 1000 + 100 + u * 7 + h(i, 31, 6)] ELSE '{}' END
  || CASE WHEN h(i, 32, 5) = 0 THEN ARRAY[a * 1000 + 100 + h(i, 33, 8) * 7 + h(i, 34, 6)]
          ELSE '{}' END
  || CASE WHEN h(i, 35, 10) = 0 THEN ARRAY[a * 1000 + 10 + h(i, 36, 8),
                                           a * 1000 + 20 + h(i, 36, 8)] ELSE '{}' END
  || CASE WHEN h(i, 37, 10) < 3 THEN ARRAY[a * 1000 + 500 + h(i, 38, 40)] ELSE '{}' END
  || CASE WHEN h(i, 39, 10) = 0 THEN ARRAY[a * 1000 + 500 + h(i, 40, 40)] ELSE '{}' END
FROM (SELECT i, DATE '2021-11-01' + (i * 1826 / %(rows)s)::int AS d, h(i, 2, 8) AS u,
             (SELECT min(n) FROM unnest(%(ends)s::int[]) WITH ORDINALITY e(top, n)
               WHERE h(i, 1, 1000) < top)::int AS a
        FROM generate_series(1, %(rows)s) i) base,
LATERAL (SELECT
  (ARRAY['Báo cáo','Kế hoạch','Về việc','Tờ trình','Kết luận'])[1 + h(i, 13, 5)] AS v,
  (ARRAY['bao cao','ke hoach','ve viec','to trinh','ket luan'])[1 + h(i, 13, 5)] AS vf,
  (ARRAY['sơ kết công tác xây dựng Đảng','kiểm tra, giám sát chuyên đề',
         'chuyển đổi số cơ quan Đảng','sắp xếp tổ chức bộ máy','giải quyết đơn thư, khiếu nại',
         'công tác cán bộ nữ',
         'phòng chống tham nhũng, lãng phí'])[1 + h(i, 14, 7)] AS t,
  (ARRAY['so ket cong tac xay dung dang','kiem tra, giam sat chuyen de',
         'chuyen doi so co quan dang','sap xep to chuc bo may','giai quyet don thu, khieu nai',
         'cong tac can bo nu',
         'phong chong tham nhung, lang phi'])[1 + h(i, 14, 7)] AS tf) s
"""

NEWCOMERS = """
UPDATE incoming_document d SET readers = readers || (agency_id * 1000 + 900)
 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY agency_id
                                ORDER BY h(id, 50, 1000000)) AS n FROM incoming_document) x
               WHERE n <= 3)
"""

INDEXES: dict[str, tuple[str, ...]] = {
    "base": (
        "ALTER TABLE incoming_document ADD PRIMARY KEY (id)",
        "ALTER TABLE incoming_document ALTER readers SET STATISTICS {statistics}",
        "ALTER TABLE incoming_document ALTER folded SET STATISTICS {statistics}",
        "CREATE INDEX doc_readers ON incoming_document USING gin (readers) WITH (fastupdate = off)",
        "CREATE INDEX doc_folded ON incoming_document USING gin (folded gin_trgm_ops)",
    ),
    "array": (
        "CREATE INDEX doc_walk ON incoming_document (agency_id, arrival_on, id)",
        "CREATE INDEX doc_state ON incoming_document (agency_id, state, arrival_on, id)",
        "CREATE INDEX doc_type ON incoming_document (agency_id, document_type, arrival_on, id)",
    ),
    "cover": (
        "CREATE INDEX doc_walk ON incoming_document (agency_id, arrival_on, id)"
        " INCLUDE (secrecy, state, document_type, readers)",
        "CREATE INDEX doc_state ON incoming_document (agency_id, state, arrival_on, id)"
        " INCLUDE (secrecy, readers)",
        "CREATE INDEX doc_type ON incoming_document (agency_id, document_type, arrival_on, id)"
        " INCLUDE (secrecy, readers)",
    ),
    "side": (
        "CREATE TABLE sight AS SELECT id AS object_id, agency_id, arrival_on, secrecy, readers"
        " FROM incoming_document ORDER BY id",
        "ALTER TABLE sight ADD PRIMARY KEY (object_id)",
        "ALTER TABLE sight ALTER readers SET STATISTICS {statistics}",
        "CREATE INDEX sight_walk ON sight (agency_id, arrival_on, object_id)",
        "CREATE INDEX sight_readers ON sight USING gin (readers) WITH (fastupdate = off)",
        "ANALYZE sight",
    ),
    "grants": (
        "CREATE TABLE sight_grant AS SELECT DISTINCT t AS token, secrecy, arrival_on AS sort_on,"
        " id AS object_id FROM incoming_document, unnest(readers) t",
        "CREATE UNIQUE INDEX grant_walk ON sight_grant (token, sort_on, object_id)"
        " INCLUDE (secrecy)",
        "CREATE INDEX grant_object ON sight_grant (object_id)",
        "VACUUM ANALYZE sight_grant",
    ),
}

CARD = (
    "d.id, d.public_id, d.arrival_on, d.arrival_number, d.state, d.document_type, d.secrecy,"
    " d.urgency, d.issuer_name, d.original_number, d.original_on, d.subject, d.due_on"
)

#: {agency} {sight} {key} {filters} are replaced; {sight} is where the shapes differ.
ROW_LIST = """SELECT {card} FROM incoming_document d WHERE {agency} AND {sight}
 AND d.secrecy <= %(clearance)s {key} {filters} ORDER BY {order} LIMIT {page}"""
COVER_LIST = """SELECT {card} FROM incoming_document d WHERE d.id IN (SELECT d.id
 FROM incoming_document d WHERE {agency} AND {sight} AND d.secrecy <= %(clearance)s {key} {filters}
 ORDER BY {order} LIMIT {page}) ORDER BY d.arrival_on DESC, d.id DESC"""
ROW_COUNT = """SELECT count(*) FROM (SELECT 1 FROM incoming_document d WHERE {agency} AND {sight}
 AND d.secrecy <= %(clearance)s {filters} LIMIT {cap}) c"""
ROW_TABS = """SELECT s.state, (SELECT count(*) FROM (SELECT 1 FROM incoming_document d
 WHERE {agency} AND {sight} AND d.secrecy <= %(clearance)s AND d.state = s.state LIMIT {cap}) c)
 FROM unnest(%(states)s::text[]) s(state)"""
SIDE_LIST = """SELECT {card} FROM sight g JOIN incoming_document d ON d.id = g.object_id
 WHERE {agency} AND g.readers && %(tokens)s::int[] AND g.secrecy <= %(clearance)s {key} {filters}
 ORDER BY g.arrival_on DESC, g.object_id DESC LIMIT {page}"""
SIDE_COUNT = """SELECT count(*) FROM (SELECT 1 FROM sight g JOIN incoming_document d
 ON d.id = g.object_id WHERE {agency} AND g.readers && %(tokens)s::int[]
 AND g.secrecy <= %(clearance)s {filters} LIMIT {cap}) c"""
GRANT_LIST = """SELECT {card} FROM (SELECT DISTINCT g.sort_on, g.object_id
 FROM unnest(%(tokens)s::int[]) t(token) CROSS JOIN LATERAL (SELECT g.sort_on, g.object_id
 FROM sight_grant g {join} WHERE g.token = t.token AND g.secrecy <= %(clearance)s {key} {filters}
 ORDER BY g.sort_on DESC, g.object_id DESC LIMIT {page}) g ORDER BY 1 DESC, 2 DESC LIMIT {page}) p
 JOIN incoming_document d ON d.id = p.object_id ORDER BY d.arrival_on DESC, d.id DESC"""
GRANT_COUNT = """SELECT count(*) FROM (SELECT DISTINCT g.object_id
 FROM unnest(%(tokens)s::int[]) t(token) CROSS JOIN LATERAL (SELECT g.object_id
 FROM sight_grant g {join} WHERE g.token = t.token AND g.secrecy <= %(clearance)s {filters}
 LIMIT {cap}) g LIMIT {cap}) c"""

OVERLAP = "d.readers && %(tokens)s::int[]"
#: A boolean test is no index clause: the planner keeps its estimate and cannot take the GIN index.
TEXT_LAST = "(d.folded LIKE %(text)s) IS TRUE"
WALK_ONLY = "(d.readers && %(tokens)s::int[]) IS TRUE"
ORDER = "d.arrival_on DESC, d.id DESC"
#: No index has this order, so the planner cannot walk the list and must fetch the actor's rows.
UNORDERED = "d.arrival_on + 0 DESC, d.id DESC"
KEY = "AND (d.arrival_on, d.id) < (%(last_on)s::date, %(last_id)s::bigint)"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reads a list."""

    kind: str
    agencies: tuple[int, ...]
    tokens: tuple[int, ...]
    clearance: int

    def parameters(self) -> dict[str, Any]:
        return {
            "tokens": list(self.tokens),
            "agency": self.agencies[0],
            "agencies": list(self.agencies),
            "clearance": self.clearance,
            "states": list(OPEN_STATES),
        }


def people(kind: str, rng: random.Random) -> Iterator[Actor]:
    """Random actors of one kind, seven of ten in the large agency."""
    while True:
        agency = 1 if rng.random() < 0.7 else rng.randint(2, len(AGENCY_WEIGHTS))
        base = agency * 1000
        unit = rng.randrange(8)
        if kind == "clerk":
            yield Actor(kind, (agency,), (base + rng.randint(1, 4),), 3)
        elif kind == "head":
            tokens = (base + 10 + unit, base + 20 + unit, base + 500 + rng.randrange(40))
            yield Actor(kind, (agency,), tokens, 2)
        elif kind == "specialist":
            tokens = (base + 100 + unit * 7 + rng.randrange(6), base + 500 + rng.randrange(40))
            yield Actor(kind, (agency,), tokens, 1)
        elif kind == "former":
            yield Actor(kind, (agency,), (base + 100 + unit * 7 + 6,), 1)
        elif kind == "four_posts":
            first = [1010 + unit, 1020 + unit, 1100 + unit * 7 + rng.randrange(6)]
            first += rng.sample(range(1500, 1540), 7)
            second = [2100 + rng.randrange(6), 2107 + rng.randrange(6)]
            second += rng.sample(range(2500, 2540), 8)
            yield Actor(kind, (1, 2), tuple(first + second), 2)
        elif kind == "newcomer":
            yield Actor(kind, (agency,), (base + 900, base + 950), 4)
        else:
            yield Actor(kind, (1,), (1990 + rng.randrange(9), 1980), 0)


KINDS = ("clerk", "head", "specialist", "former", "four_posts", "newcomer", "outsider")

Filter = Callable[[random.Random], tuple[str, dict[str, Any]]]


def _month(rng: random.Random) -> tuple[str, dict[str, Any]]:
    start = dt.date(2021, 12, 1) + dt.timedelta(days=rng.randrange(1750))
    return (
        "AND d.arrival_on >= %(from)s::date AND d.arrival_on < %(until)s::date",
        {"from": start, "until": start + dt.timedelta(days=30)},
    )


FILTERS: dict[str, Filter] = {
    "first": lambda _: ("", {}),
    "deep": lambda _: ("", {}),
    "state open": lambda _: ("AND d.state = 'in_progress'", {}),
    "state rare": lambda _: ("AND d.state = 'returned'", {}),
    "type rare": lambda rng: (
        "AND d.document_type = %(type)s",
        {"type": f"r{rng.randrange(7)}"},
    ),
    "month": _month,
    "text common": lambda _: ("AND d.folded LIKE %(text)s", {"text": "%bao cao%"}),
    "text rare": lambda rng: (
        "AND d.folded LIKE %(text)s",
        {"text": f"%xa so {rng.randrange(1000, 2000)} %"},
    ),
    "text none": lambda _: ("AND d.folded LIKE %(text)s", {"text": "%khong co cum nay%"}),
    "count": lambda _: ("", {}),
    "count text": lambda rng: (
        "AND d.folded LIKE %(text)s",
        {"text": f"%dot {rng.randrange(9)}%"},
    ),
    "tabs": lambda _: ("", {}),
}

SHAPES = ("array", "cover", "choose", "side", "grants")


def statement(shape: str, operation: str, actor: Actor, filters: str, gather: bool) -> str:
    """The SQL text of one operation in one shape; `gather` only matters to the shape "choose"."""
    several = len(actor.agencies) > 1
    agency = "d.agency_id = ANY(%(agencies)s::int[])" if several else "d.agency_id = %(agency)s"
    key = KEY if operation == "deep" else ""
    sight, order, join = OVERLAP, ORDER, ""
    texts = {"list": ROW_LIST, "count": ROW_COUNT, "tabs": ROW_TABS}
    if shape == "cover":
        texts["list"] = COVER_LIST
    if shape == "choose":
        texts["list"] = COVER_LIST
        if gather:
            order = UNORDERED
            filters = filters.replace("AND d.folded LIKE %(text)s", "AND " + TEXT_LAST)
        elif operation != "count text":
            sight = WALK_ONLY
    if shape == "side":
        texts |= {"list": SIDE_LIST, "count": SIDE_COUNT}
        agency = agency if operation == "tabs" else agency.replace("d.", "g.")
        key = key.replace("d.arrival_on, d.id", "g.arrival_on, g.object_id")
    if shape == "grants":
        texts |= {"list": GRANT_LIST, "count": GRANT_COUNT}
        key = key.replace("d.arrival_on, d.id", "g.sort_on, g.object_id")
        join = "JOIN incoming_document d ON d.id = g.object_id" if filters else ""
    text = (
        texts["tabs" if operation == "tabs" else operation.split()[0]]
        if (operation == "tabs" or operation.startswith("count"))
        else texts["list"]
    )
    if shape == "choose" and several and text is COVER_LIST:
        return _by_agency(actor, sight, key, filters, order)
    cap = {"tabs": TAB_CAP, "count text": TEXT_COUNT_CAP}.get(operation, COUNT_CAP)
    values = {
        "card": CARD,
        "agency": agency,
        "sight": sight,
        "key": key,
        "filters": filters,
        "order": order,
        "page": str(PAGE),
        "cap": str(cap),
        "join": join,
    }
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _by_agency(actor: Actor, sight: str, key: str, filters: str, order: str) -> str:
    """One ordered walk per agency, merged: `agency_id = ANY` would lose the order of the index."""
    walks = [
        " ".join(
            (
                "(SELECT d.id FROM incoming_document d WHERE d.agency_id =",
                str(int(agency)),
                "AND",
                sight,
                "AND d.secrecy <= %(clearance)s",
                key,
                filters,
                "ORDER BY",
                order,
                "LIMIT",
                str(PAGE),
                ")",
            )
        )
        for agency in actor.agencies
    ]
    return " ".join(
        (
            "SELECT",
            CARD,
            "FROM incoming_document d WHERE d.id IN (",
            " UNION ALL ".join(walks),
            ") ORDER BY d.arrival_on DESC, d.id DESC LIMIT",
            str(PAGE),
        )
    )


@dataclass(slots=True)
class Cell:
    """Times of one (shape, kind, operation)."""

    times: list[float] = field(default_factory=list)
    cut: int = 0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Bench:
    """A connection and the pages that were looked up for it."""

    def __init__(self, url: str) -> None:
        # ClientCursor sends literals, as Django does unless server-side binding is switched on.
        self.client = psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor)
        self.run(f"SET statement_timeout = {STATEMENT_LIMIT_MS}")
        self._breadth: dict[int, int] = {}
        self._agency_rows: dict[int, int] = {}
        self._deep: dict[tuple[int, ...], tuple[dt.date, int] | None] = {}

    def run(self, text: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with self.client.cursor() as cursor:
            cursor.execute(text.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def learn(self) -> None:
        """Read from the planner's statistics how broad each token and agency is."""
        self._breadth = dict(self.run(BREADTH))
        self._agency_rows = dict(self.run(AGENCY_ROWS))

    def narrow(self, actor: Actor) -> bool:
        """Whether fetching all the actor's rows is cheaper than walking past other people's."""
        mine = sum(self._breadth.get(token, 0) for token in actor.tokens)
        whole = sum(self._agency_rows.get(agency, 0) for agency in actor.agencies)
        return mine <= min(GATHER_AT_MOST, whole // GATHER_SHARE)

    def deep_page(self, actor: Actor) -> dict[str, Any]:
        """The key of the actor's 10,000th row, or of the middle one if there are fewer."""
        if actor.tokens not in self._deep:
            self.run("SET statement_timeout = 0")
            found = self.run(DEEP_KEY, actor.parameters())
            self.run(f"SET statement_timeout = {STATEMENT_LIMIT_MS}")
            self._deep[actor.tokens] = found[0] if found else None
        last = self._deep[actor.tokens] or (dt.date(2026, 11, 1), 0)
        return {"last_on": last[0], "last_id": last[1]}

    def measure(self, shape: str, kind: str, operation: str, runs: int, seconds: float) -> Cell:
        rng = random.Random(f"{kind}/{operation}")  # noqa: S311
        actors, cell, spent = people(kind, rng), Cell(), 0.0
        while len(cell.times) < runs and (spent < seconds or len(cell.times) < 10):
            actor = next(actors)
            filters, values = FILTERS[operation](rng)
            values |= actor.parameters()
            if operation == "deep":
                values |= self.deep_page(actor)
            text = statement(shape, operation, actor, filters, self.narrow(actor))
            start = time.perf_counter()
            try:
                self.run(text, values)
            except psycopg.errors.QueryCanceled:
                cell.cut += 1
            took = time.perf_counter() - start
            spent += took
            cell.times.append(took * 1000)
            if spent > seconds * 4:
                break
        return cell


#: Rows behind each token as ANALYZE counted them; a token too rare to be counted is not listed.
BREADTH = """
SELECT e.token, (e.share * c.reltuples)::bigint FROM pg_stats s
  JOIN pg_class c ON c.oid = to_regclass('incoming_document'), LATERAL
  unnest(s.most_common_elems::text::int[], s.most_common_elem_freqs) e(token, share)
 WHERE s.tablename = 'incoming_document' AND s.attname = 'readers' AND e.token IS NOT NULL
"""

AGENCY_ROWS = """
SELECT e.agency, (e.share * c.reltuples)::bigint FROM pg_stats s
  JOIN pg_class c ON c.oid = to_regclass('incoming_document'), LATERAL
  unnest(s.most_common_vals::text::int[], s.most_common_freqs) e(agency, share)
 WHERE s.tablename = 'incoming_document' AND s.attname = 'agency_id'
"""

DEEP_KEY = """
WITH mine AS MATERIALIZED (SELECT arrival_on, id FROM incoming_document
  WHERE agency_id = ANY(%(agencies)s::int[]) AND readers && %(tokens)s::int[]
    AND secrecy <= %(clearance)s)
SELECT arrival_on, id FROM mine ORDER BY arrival_on DESC, id DESC
 OFFSET (SELECT least(10000, count(*) / 2) FROM mine) LIMIT 1
"""


def say(*parts: object) -> None:
    sys.stdout.write(" ".join(str(part) for part in parts) + "\n")
    sys.stdout.flush()


def create_indexes(bench: Bench, group: str, statistics: int) -> None:
    bench.run("SET statement_timeout = 0")
    bench.run(
        "DROP INDEX IF EXISTS doc_walk, doc_state, doc_type" if group in ("array", "cover") else ""
    )
    for text in INDEXES[group]:
        start = time.perf_counter()
        bench.run(text.replace("{statistics}", str(statistics)))
        say(f"{time.perf_counter() - start:6.1f} s  {text[:90]}")
    bench.run("VACUUM ANALYZE incoming_document")


def build(bench: Bench, arguments: argparse.Namespace) -> None:
    bench.run("SET statement_timeout = 0")
    start = time.perf_counter()
    bench.run(BUILD)
    ends = [sum(AGENCY_WEIGHTS[: n + 1]) for n in range(len(AGENCY_WEIGHTS))]
    bench.run(FILL, {"rows": arguments.rows, "ends": ends})
    bench.run(NEWCOMERS)
    say(f"{time.perf_counter() - start:6.1f} s  {arguments.rows} rows")
    create_indexes(bench, "base", arguments.statistics)
    if "side" in arguments.shapes:
        create_indexes(bench, "side", arguments.statistics)
    if "grants" in arguments.shapes:
        create_indexes(bench, "grants", arguments.statistics)


def read(bench: Bench, arguments: argparse.Namespace) -> None:
    for shape in arguments.shapes:
        wanted = "cover" if shape in ("cover", "choose") else "array"
        if shape not in ("side", "grants") and not has_index(bench, wanted):
            create_indexes(bench, wanted, arguments.statistics)
        bench.learn()
        say(f"\n### {shape}: p50 / p95 ms (runs; ! = cut at {STATEMENT_LIMIT_MS} ms)")
        say("| |", " | ".join(arguments.kinds), "|")
        say("|---" * (len(arguments.kinds) + 1) + "|")
        for operation in arguments.operations:
            cells = [
                bench.measure(shape, kind, operation, arguments.runs, arguments.seconds)
                for kind in arguments.kinds
            ]
            say(
                f"| {operation} |",
                " | ".join(
                    f"{c.quantile(0.5):.1f} / {c.quantile(0.95):.1f}"
                    + (f" ({len(c.times)})" if len(c.times) < arguments.runs else "")
                    + ("!" * min(c.cut, 1))
                    for c in cells
                ),
                "|",
            )


def has_index(bench: Bench, group: str) -> bool:
    found = bench.run("SELECT pg_get_indexdef(c.oid) FROM pg_class c WHERE relname = 'doc_walk'")
    return bool(found) and ("INCLUDE" in found[0][0]) == (group == "cover")


def plans(bench: Bench, arguments: argparse.Namespace) -> None:
    bench.learn()
    for shape in arguments.shapes:
        for kind in arguments.kinds:
            for operation in arguments.operations:
                rng = random.Random(7)  # noqa: S311
                actor = next(a for a in people(kind, rng) if a.agencies[0] == 1)
                filters, values = FILTERS[operation](rng)
                values |= actor.parameters()
                if operation == "deep":
                    values |= bench.deep_page(actor)
                text = statement(shape, operation, actor, filters, bench.narrow(actor))
                say(f"\n--- {shape} / {kind} / {operation}")
                for (line,) in bench.run("EXPLAIN (ANALYZE, BUFFERS, COSTS) " + text, values):
                    say(line)


def prepared(bench: Bench, arguments: argparse.Namespace) -> None:
    """Server-side binding: literals, automatic plan choice, forced generic plan."""
    for label, mode, threshold in (
        ("literals", "auto", None),
        ("prepared, auto", "auto", 0),
        ("prepared, generic", "force_generic_plan", 0),
    ):
        for kind in arguments.kinds:
            rng = random.Random(f"{kind}/prepared")  # noqa: S311
            actors, times = people(kind, rng), []
            factory = psycopg.ClientCursor if threshold is None else psycopg.Cursor
            with psycopg.connect(arguments.url, autocommit=True, cursor_factory=factory) as link:
                link.prepare_threshold = threshold
                link.execute(f"SET statement_timeout = {STATEMENT_LIMIT_MS}".encode())
                link.execute(f"SET plan_cache_mode = {mode}".encode())
                for _ in range(60):
                    actor = next(actors)
                    text = statement("array", "first", actor, "", False).encode()
                    start = time.perf_counter()
                    link.execute(text, actor.parameters()).fetchall()
                    times.append((time.perf_counter() - start) * 1000)
            cell = Cell(times)
            say(f"| {label} | {kind} | {cell.quantile(0.5):.1f} / {cell.quantile(0.95):.1f} |")


INSERT_ONE = sql.SQL("""INSERT INTO incoming_document SELECT %(new)s, gen_random_uuid(), agency_id,
 registry_id, DATE '2026-11-02', arrival_number, 'registered', document_type, secrecy, urgency,
 issuer_name, original_number, original_on, subject, folded, remark, page_count, lead_unit_id,
 registered_by, due_on, 1, created_at, changed_at, readers FROM incoming_document WHERE id = %(old)s
""")
GRANT_ONE = sql.SQL("""INSERT INTO sight_grant SELECT DISTINCT t, secrecy, arrival_on, id
 FROM incoming_document, unnest(readers) t WHERE id = %(new)s""")
UPDATES = {
    "token added": "UPDATE incoming_document SET readers = readers || %(token)s WHERE id = %(old)s",
    "state moved": "UPDATE incoming_document SET state = 'routed', version = version + 1"
    " WHERE id = %(old)s",
    "remark edited": "UPDATE incoming_document SET remark = 'x', version = version + 1"
    " WHERE id = %(old)s",
}


def write(bench: Bench, arguments: argparse.Namespace) -> None:
    """One act per transaction, without waiting for the disk; the rows are removed afterwards."""
    bench.run("SET statement_timeout = 0")
    bench.run("SET synchronous_commit = off")
    top = int(bench.run("SELECT max(id) FROM incoming_document")[0][0])
    for group in ("array", "cover"):
        create_indexes(bench, group, arguments.statistics)
        for fastupdate in ("off", "on"):
            bench.run(f"ALTER INDEX doc_readers SET (fastupdate = {fastupdate})")
            rng = random.Random(11)  # noqa: S311
            bench.run("CHECKPOINT")
            steps: dict[str, Cell] = {"insert": Cell()} | {name: Cell() for name in UPDATES}
            if arguments.grants:
                steps["grant rows of the insert"] = Cell()
            wal = bench.run("SELECT pg_current_wal_lsn()")[0][0]
            for number in range(arguments.runs):
                values = {"new": top + 1 + number, "old": rng.randint(1, top), "token": 1700}
                acts: dict[str, Any] = {"insert": INSERT_ONE} | UPDATES
                if arguments.grants:
                    acts["grant rows of the insert"] = GRANT_ONE
                for name, text in acts.items():
                    start = time.perf_counter()
                    with bench.client.cursor() as cursor:
                        cursor.execute(text, values)
                    steps[name].times.append((time.perf_counter() - start) * 1000)
            lsn = bench.run("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %(wal)s)", {"wal": wal})
            per_round = lsn[0][0] / arguments.runs
            say(f"\n{group}, fastupdate {fastupdate}; WAL {per_round:.0f} B a round")
            for name, cell in steps.items():
                say(
                    f"| {name} | p50 {cell.quantile(0.5):.2f} | p95 {cell.quantile(0.95):.2f} |"
                    f" max {max(cell.times):.1f} |"
                )
            if fastupdate == "on":
                cell = bench.measure("array", "newcomer", "first", 100, 20)
                say(
                    f"newcomer's page over the pending list: {cell.quantile(0.5):.1f} /"
                    f" {cell.quantile(0.95):.1f}"
                )
            bench.run("ALTER INDEX doc_readers SET (fastupdate = off)")
            if arguments.grants:
                bench.run("DELETE FROM sight_grant WHERE object_id > %(top)s", {"top": top})
            bench.run("DELETE FROM incoming_document WHERE id > %(top)s", {"top": top})
            bench.run(
                "UPDATE incoming_document SET readers = array_remove(readers, 1700)"
                " WHERE readers && ARRAY[1700]"
            )
            bench.run("VACUUM ANALYZE incoming_document")


def sizes(bench: Bench, _: argparse.Namespace) -> None:
    found = bench.run(
        "SELECT relname, pg_size_pretty(pg_relation_size(oid)), reltuples::bigint"
        " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'i') ORDER BY pg_relation_size(oid) DESC"
    )
    for name, size, rows in found:
        say(f"| {name} | {size} | {rows} |")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("url")
    acts = {
        "build": build,
        "read": read,
        "plans": plans,
        "prepared": prepared,
        "write": write,
        "sizes": sizes,
    }
    parser.add_argument("act", choices=acts)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=6, help="at most, for one cell")
    parser.add_argument("--statistics", type=int, default=1000)
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=SHAPES)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--operations", nargs="+", default=list(FILTERS), choices=FILTERS)
    parser.add_argument("--grants", action="store_true", help="write grant rows as well")
    arguments = parser.parse_args(argv)
    acts[arguments.act](Bench(arguments.url), arguments)


if __name__ == "__main__":
    main()
