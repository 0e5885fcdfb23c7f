"""The table of promises, as a page of the documentation and as JSON; pure but for the machine line."""

from __future__ import annotations

import dataclasses
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from nhactruong.assembly.bench.directory import Directory
from nhactruong.assembly.bench.load import Load
from nhactruong.assembly.bench.measuring import LIMIT_MS, Measured
from nhactruong.assembly.bench.reading import Reading
from nhactruong.assembly.bench.taking_numbers import Taking
from nhactruong.assembly.bench.targets import KINDS

_MOST_QUERIES: Final = 15
_LIST_SELECTORS: Final = (
    "incoming_list",
    "incoming_list_of_a_state",
    "incoming_list_of_a_type",
    "outgoing_list",
    "inbox",
)


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised number and what was found; `is_kept` None: there is no promise to keep."""

    what: str
    promised: str
    how: str
    found: str
    is_kept: bool | None


def promises(found: Measured) -> Sequence[Promise]:
    """Every number, promised or only told, in the order of the page."""
    return [
        *_loaded(found),
        *_pages(found),
        *_selectors(found),
        *_numbers(found),
        *_papers(found),
        *_growth(found),
    ]


def _loaded(found: Measured) -> Iterator[Promise]:
    load = found.load
    if load is None:
        return
    pages = load.pages
    yield Promise(
        "Lists and inbox under load",
        "p50 ≤ 60 ms, p95 ≤ 150 ms",
        f"open loop, {load.rate:g} requests/s (Poisson) from 16 signed-in people for "
        f"{load.seconds:.0f} s, from the scheduled start",
        f"p50 {pages.p50:g} ms, p95 {pages.p95:g} ms ({pages.count} pages, {_failed(load)})",
        pages.p50 <= 60 and pages.p95 <= LIMIT_MS and not load.failed,
    )
    for kind, one in load.kinds.items():
        yield Promise(
            f"– {kind.replace('_', ' ')}",
            "",
            "same run",
            f"p50 {one.p50:g} ms, p95 {one.p95:g} ms ({one.count})",
            None,
        )
    yield Promise(
        "Highest rate with p95 ≤ 150 ms",
        "told",
        f"same pages, steps of {found.rates[0].seconds:.0f} s" if found.rates else "same pages",
        f"{found.highest_rate:g} requests/s",
        None,
    )


def _failed(load: Load) -> str:
    kinds = ", ".join(f"{kind}: {count}" for kind, count in sorted(load.failures.items()))
    return f"{load.failed} failed ({kinds})" if kinds else "none failed"


def _pages(found: Measured) -> Iterator[Promise]:
    for kind in KINDS:
        one, queries = found.alone.pages[kind], found.alone.queries[kind]
        promised, kept = f"≤ {_MOST_QUERIES} queries", queries.most <= _MOST_QUERIES
        if kind == "search":
            promised = f"p50 ≤ 30 ms, p95 ≤ 150 ms, {promised}"
            kept = kept and one.p50 <= 30 and one.p95 <= LIMIT_MS
        yield Promise(
            f"Page alone: {kind.replace('_', ' ')}",
            promised,
            "one client over HTTP; queries: the most of any person",
            f"p50 {one.p50:g} ms, p95 {one.p95:g} ms; {queries.most} queries, "
            f"{queries.median_ms_in_database:g} of {queries.median_ms:g} ms in the database",
            kept,
        )


def _selectors(found: Measured) -> Iterator[Promise]:
    for name, one in found.alone.selectors.items():
        queries = found.alone.selector_queries[name]
        is_list = name in _LIST_SELECTORS
        yield Promise(
            f"Selector: {name.replace('_', ' ')}",
            "p95 ≤ 80 ms, 1–3 queries" if is_list else "told",
            "one client, rows fetched, 16 people in turn",
            f"p50 {one.p50:g} ms, p95 {one.p95:g} ms, {queries} queries",
            (one.p95 <= 80 and queries <= 3) if is_list else None,
        )


def _numbers(found: Measured) -> Iterator[Promise]:
    for taking, title in (
        (found.numbers, "Number, audit row, work, card, outbox"),
        (found.numbers_one_series, "The same, all from one series"),
    ):
        if taking is None:
            continue
        gaps = f"{taking.series_with_gaps} series with gaps"
        is_promise = taking is found.numbers
        yield Promise(
            title,
            "≥ 100/s, gapless" if is_promise else "gapless",
            f"{taking.clients} processes, the real command, disk synced",
            f"{taking.per_second:.0f}/s, each p50 {taking.each.p50:g} ms; {gaps}",
            not taking.series_with_gaps and (taking.per_second >= 100 or not is_promise),
        )


def number_lines(found: Sequence[Taking]) -> list[str]:
    """Every run of numbers, and the medians; the first half is spread over all series."""
    half = len(found) // 2
    lines = []
    for name, runs in (("Mọi sổ", found[:half]), ("Một sổ", found[half:])):
        rates = [one.per_second for one in runs]
        each = ", ".join(f"{rate:.0f}/s" for rate in rates)
        gaps = sum(one.series_with_gaps for one in runs)
        lines.append(
            f"{name}: trung vị {median(rates):.0f} số mỗi giây ({each}); "
            f"mỗi lần p50 {median([one.each.p50 for one in runs]):.1f} ms; {gaps} sổ hở số"
        )
    return lines


def _papers(found: Measured) -> Iterator[Promise]:
    papers = found.papers
    if papers is None:
        return
    yield Promise(
        "Letter → PDF/A",
        "≤ 50 ms",
        "typst in this process, letters all different",
        f"p50 {papers.typeset.p50:g} ms, p95 {papers.typeset.p95:g} ms",
        papers.typeset.p50 <= 50,
    )
    yield Promise(
        "– with form and signature fields, for signature",
        "told",
        "same letters",
        f"p50 {papers.freeze.p50:g} ms",
        None,
    )
    yield Promise(
        "Sign",
        "≥ 0.8 × bare pyHanko",
        "same key, image and time stamps, in turns",
        f"{papers.sign_share:.2f} × ({papers.sign.p50:g} against {papers.raw_sign.p50:g} ms)",
        papers.sign_share >= 0.8,
    )
    yield Promise(
        "Verify a sealed letter",
        "≥ 0.8 × bare pyHanko",
        "two signatures and a document time stamp, in turns",
        f"{papers.verify_share:.2f} × ({papers.verify.p50:g} against {papers.raw_verify.p50:g} ms)",
        papers.verify_share >= 0.8,
    )
    yield Promise(
        "Fill number and date; seal",
        "told",
        "same letters; the seal checks the earlier signature and stores its evidence",
        f"p50 {papers.fill.p50:g} ms; p50 {papers.seal.p50:g} ms",
        None,
    )


def _growth(found: Measured) -> Iterator[Promise]:
    grown = found.growth
    if grown is None:
        return
    for kind, (before, after) in grown.medians.items():
        ratio = after / before if before else 0.0
        yield Promise(
            f"Growth: {kind.replace('_', ' ')}",
            "≤ 1.5 ×",
            f"one client, both offices in turns, {grown.small_documents:,} → "
            f"{grown.large_documents:,} documents",
            f"{ratio:.2f} × ({before:g} → {after:g} ms)",
            ratio <= 1.5,
        )


def machine() -> str:
    """Processor, cores, memory, versions and what else the machine was doing, in one line."""
    model = platform.machine()
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Python {platform.python_version()}, "
        f"Linux {platform.release()}; load average at the end {os.getloadavg()[0]:.1f}"
    )


def table(rows: Sequence[Promise]) -> list[str]:
    """The rows as lines of a Markdown table."""
    lines = ["| What | Promised | How measured | Measured here | Kept |", "|---|---|---|---|---|"]
    for row in rows:
        kept = {True: "yes", False: "**no**", None: ""}[row.is_kept]
        lines.append(f"| {row.what} | {row.promised} | {row.how} | {row.found} | {kept} |")
    return lines


def page(found: Measured, *, on: str, where: str, command: str) -> str:
    """`docs/performance.md`."""
    rows = promises(found)
    missed = [row for row in rows if row.is_kept is False]
    load = found.load
    lines = [
        "# Numbers we promise, how measured, measured here",
        "",
        f"Measured on {on} with {found.documents:,} documents. Repeat: `{command}`.",
        "",
        f"Machine: {where}.",
    ]
    if load is not None:
        lines += [
            "",
            "The generator of the load ran on the same machine and used "
            f"{100 * load.generator_cpu:.0f} % of one core.",
        ]
    lines += ["", *table(rows), "", "## What missed", ""]
    lines += [f"- {row.what}: promised {row.promised}, found {row.found}." for row in missed] or [
        "Nothing in this run."
    ]
    lines += ["", *_HOW]
    return "\n".join(lines) + "\n"


_HOW: Final = (
    "## How the office was made",
    "",
    "`nhactruong bench generate` founds the sample office (19 agencies, 107 posts, 75 people) and",
    "fills its books from the first day of the term until yesterday: 70 % incoming, 30 % outgoing,",
    "42 % in the largest agency. Every document has its component, version, renditions, holdings,",
    "grants with their reasons, search card, number, directions, handlings and closed work; the",
    "newest lie open on somebody's desk. Replies answer what arrived before. The rows are those",
    "the commands would have written; a test rebuilds sight from grants and finds no drift.",
    "",
    "Not like life: some hundred distinct letters share the bytes of all files, so signed and sealed",
    "renditions carry no signatures; no audit rows and no deliveries stand behind the documents.",
    "Numbers are taken by processes that call the command, without HTTP. The time stamps of",
    "signing come from the test authority in the same process. No worker runs meanwhile.",
)


#: The budget of a permission-filtered list; it stands for every way of reading the directory too.
_READING_MS: Final = 80.0


def reading_lines(found: Sequence[Reading]) -> list[str]:
    """The ways of reading as a table."""
    lines = ["| What | Measured | Queries | p95 ≤ 80 ms |", "|---|---|---|---|"]
    for one in found:
        kept = "yes" if one.times.p95 <= _READING_MS else "**no**"
        lines.append(
            f"| {one.name} | p50 {one.times.p50:g} ms, p95 {one.times.p95:g} ms,"
            f" worst {one.times.worst:g} ms ({one.times.count}) | {one.queries} | {kept} |"
        )
    return lines


def directory_page(found: Directory, *, on: str, where: str, rows: int) -> str:
    """The page of the documentation, with the plans by which the database answered."""
    lines = [
        "# The directory at its largest, measured",
        "",
        f"Measured on {on} with {found.rows:,} people in posts of units."
        f" Repeat: `nhactruong bench directory --rows {rows} --write`.",
        "",
        f"Machine: {where}.",
        "",
        *reading_lines(found.readings),
        "",
        "One client, other people and words every time; a name is drawn as names are spread in life.",
        "",
        "## Tables",
        "",
        "| Table | Rows | MB with indexes |",
        "|---|---|---|",
        *(
            f"| {name} | {size['rows']:,} | {size['bytes'] / 1e6:.0f} |"
            for name, size in found.tables.items()
        ),
        "",
        *_plans(found.readings),
    ]
    return "\n".join(lines) + "\n"


def lists_page(found: Sequence[Reading], documents: int, *, on: str, where: str, asked: int) -> str:
    """The page of the documentation about permission-filtered lists, with their plans."""
    lines = [
        "# Permission-filtered lists at their largest, measured",
        "",
        f"Measured on {on} with {documents:,} documents."
        f" Repeat: `nhactruong bench lists --documents {asked} --write`.",
        "",
        f"Machine: {where}.",
        "",
        *reading_lines(found),
        "",
        "One client, the rows fetched, sixteen people of all roles in turn. Search stands here to be told;",
        "its budget is that of its page.",
        "",
        *_plans(found),
    ]
    return "\n".join(lines) + "\n"


def _plans(found: Sequence[Reading]) -> list[str]:
    lines = ["## Plans", "", "Of the slowest statement of each way."]
    for one in found:
        name = f"{one.name[0].upper()}{one.name[1:]}"
        lines += ["", f"### {name}", "```", *one.plan, "```"]
    return lines


def as_json(found: Measured, *, on: str, where: str, command: str) -> dict[str, Any]:
    """Everything measured, with the judged rows."""
    return {
        "on": on,
        "machine": where,
        "command": command,
        "promises": [dataclasses.asdict(row) for row in promises(found)],
        "measured": dataclasses.asdict(found),
    }


def _lines(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
