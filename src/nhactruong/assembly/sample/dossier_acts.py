"""The file plans and the work dossiers of the sample office."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from nhactruong.assembly.sample.stage import Stage
from nhactruong.assembly.sample.story import Row, Step, incoming, later, outgoing, read
from nhactruong.records.dossiers import commands
from nhactruong.records.dossiers.models import PlanHeading


def plans(stage: Stage) -> dict[tuple[str, str], PlanHeading]:
    """The lines of the file plans, by plan and code."""
    lines = {}
    for plan in read("dossiers.toml")["catalogue"]:
        year = int(stage.texts.fill(plan["year"]))
        for position, item in enumerate(plan["items"]):
            lines[plan["key"], item["code"]] = commands.enter_plan_line(
                stage.actor(plan["approved_by"]),
                agency_id=stage.office.agencies[plan["agency"]].pk,
                year=year,
                code=item["code"],
                title=stage.texts.fill(item["title"]),
                retention=str(item["retention"]),
                position=position,
            )
    return lines


def steps(stage: Stage, lines: dict[tuple[str, str], PlanHeading]) -> Iterator[Step]:
    """Opening, filling and closing every dossier, unordered."""
    papers = {row["key"]: row for row in [*outgoing(), *incoming()]}
    for row in filter(stage.plays, read("dossiers.toml")["dossier"]):
        heading = lines[row["catalogue"], row["code"]]
        yield Step(row["open_day"], "08:00", partial(_open, stage, row, heading))
        for key in row["documents"]:
            yield Step(*filed_at(row, papers[key]), partial(_file, stage, row, key))
        if "close_day" in row:
            yield Step(row["close_day"], "16:10", partial(_close, stage, row))


def filed_at(dossier: Row, paper: Row) -> tuple[int, str]:
    """Day and time at which the keeper files a paper, the dossier being open.

    What is issued, after its issue; what came, once it has been given to somebody: its keeper
    does not have it before. What is in the making, after its last act.
    """
    acts = {act["act"]: act for act in paper["acts"]}
    verb = next((v for v in ("file", "issue", "assign", "direct", "register") if v in acts), None)
    act = acts[verb] if verb else paper["acts"][-1]
    return max((act["day"], later(act["time"], 7)), (dossier["open_day"], "08:30"))


def _open(stage: Stage, row: Row, heading: PlanHeading) -> None:
    dossier = commands.open_dossier(
        stage.actor(row["owner"]),
        agency_id=stage.office.agencies[row["agency"]].pk,
        code=row["code"],
        title=stage.texts.fill(row["title"]),
        retention=str(row["retention"]),
        heading=heading,
    )
    stage.made[row["key"]] = dossier.public_id
    stage.keepers[row["key"]] = row["owner"]


def _file(stage: Stage, row: Row, key: str) -> None:
    is_incoming = any(paper["key"] == key for paper in incoming())
    paper = stage.coming_in(key) if is_incoming else stage.going_out(key)
    commands.file(stage.actor(row["owner"]), stage.made[row["key"]], paper)


def _close(stage: Stage, row: Row) -> None:
    commands.close(stage.actor(row["owner"]), stage.made[row["key"]], version=None)
