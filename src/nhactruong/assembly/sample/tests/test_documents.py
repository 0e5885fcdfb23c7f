"""The acts of the sample's documents: the right hands, in the order of the law."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nhactruong.assembly.sample.tests.papers import (
    AGENCIES,
    AUTHORITY,
    DOSSIERS,
    HOLDER,
    IN,
    IN_STATE,
    INCOMING,
    ORGANS,
    OUT,
    OUT_STATE,
    OUTGOING,
    PEOPLE,
    POSTS,
    TYPES,
    UNITS,
    act_of,
    moment,
    states_of,
)
from nhactruong.kernel.states import Secrecy, Urgency


def check_acts(row: dict[str, Any], states: dict[str, str]) -> None:
    moments = [moment(act) for act in row["acts"]]
    assert moments == sorted(moments), row["key"]
    for act in row["acts"]:
        assert act["act"] in states, row["key"]
        assert act["day"] <= 0
        assert "06:30" <= act["time"] <= "18:30"
        for name in ("by", "on_behalf_of", "to"):
            assert name not in act or act[name] in HOLDER, (row["key"], act)


@pytest.mark.parametrize("row", OUTGOING, ids=lambda row: row["key"])
def test_an_outgoing_document_passes_the_right_hands(row: dict[str, Any]) -> None:
    check_acts(row, OUT_STATE)
    assert row["type"] in TYPES
    assert ORGANS[row["organ"]]["agency"] == row["agency"]
    assert row["urgency"] in set(Urgency)
    assert Secrecy[row["secrecy"].upper()] <= Secrecy.INTERNAL
    for line in [*row.get("addressees", []), *row["recipients"]]:
        assert set(line.get("agencies", [])) <= set(AGENCIES)
    assert row["recipients"]
    if row["type"] in {"cong-van", "to-trinh"}:
        assert row["addressees"]
        assert row["recipients"][0]["line"] == "Như trên"
    else:
        assert "addressees" not in row

    people = {name: HOLDER[row[name]] for name in ("drafter", "appraiser", "signer", "clerk")}
    assert people["drafter"] not in {people["appraiser"], people["signer"]}
    assert people["signer"] != people["clerk"]
    assert HOLDER[row["head"]] != people["drafter"]

    issue = act_of(row, "issue") if row["state"] in {"issued", "acknowledged"} else None
    signed_on = act_of(row, "sign")["day"] if OUT_STATE["sign"] in states_of(row) else 0
    assert any(
        authority["organ"] == row["organ"]
        and authority["post"] == row["signer"]
        and authority["form"] == row["signing_form"]
        and (authority["types"] == "all" or row["type"] in authority["types"])
        and authority.get("from_day", -999) <= signed_on <= authority.get("to_day", 999)
        for authority in AUTHORITY
    )
    if issue:
        assert act_of(row, "number")["day"] - signed_on <= 1
        assert issue["day"] - signed_on <= 1
    waiting = {
        agency
        for line in [*row.get("addressees", []), *row["recipients"]]
        for agency in line.get("agencies", [])
    } - {act.get("agency") for act in row["acts"]}
    assert row["state"] != "acknowledged" or not waiting, waiting
    assert OUT_STATE[row["acts"][-1]["act"]] == row["state"] or row["state"] == "issued"
    for comment in row.get("comment", []):
        assert comment["by"] in HOLDER
        assert comment["by"] != row["drafter"]
        assert comment.get("outcome") in {None, "accepted", "rejected"}
        assert ("outcome" in comment) == ("answer" in comment)
    if "reply_to" in row:
        assert row["reply_to"] in IN
    for link in row.get("links", []):
        assert link["to"] in OUT or link["to"] in IN


@pytest.mark.parametrize("row", OUTGOING, ids=lambda row: row["key"])
def test_a_body_keeps_the_plain_markup(row: dict[str, Any]) -> None:
    lines = row["body"].strip().split("\n")
    assert 110 <= len(row["body"].split()) <= 1300
    for line in lines:
        assert line == line.strip()
        assert line
        if line.startswith("- Căn cứ"):
            assert line.endswith(";")
        elif line.startswith("- Xét đề nghị"):
            assert line.endswith(",")
        elif re.match(r"[IVX]+- ", line):
            assert line == line.upper()
        else:
            assert line[-1] in ".:;" or re.match(r"\d+\. [^.;:]+$", line), line
    assert lines[-1].endswith(".")


@pytest.mark.parametrize("row", INCOMING, ids=lambda row: row["key"])
def test_an_incoming_document_is_handled_in_order(row: dict[str, Any]) -> None:
    check_acts(row, IN_STATE)
    assert IN_STATE[row["acts"][-1]["act"]] == row["state"]
    verbs = [act["act"] for act in row["acts"]]
    assert verbs == sorted(verbs, key=list(IN_STATE).index)
    received = act_of(row, "receive")
    clerk_roles = {
        role["agency"] for role in POSTS[received["by"]]["roles"] if role["role"] == "clerk"
    }
    assert row["agency"] in clerk_roles
    if source := row.get("from_outgoing"):
        acknowledged = {
            act["agency"]: moment(act) for act in OUT[source]["acts"] if "agency" in act
        }
        assert acknowledged[row["agency"]] == moment(received)
    else:
        assert row["issued_day"] <= received["day"]
        assert row["profile"] in {"party", "state"}
        assert row["type"] in TYPES
        assert re.match(r"\d{2,4}[-/]", row["number"])
        assert ("-" in row["number"].split("/")[0]) == (row["profile"] == "party")
        assert row["signer"] not in {person["full_name"] for person in PEOPLE}
        assert 80 <= len(row["body"].split()) <= 300
        assert row["scan"] == (row["channel"] == "paper")
    directions = row.get("direction", [])
    assert len(directions) == verbs.count("direct")
    for direction, act in zip(
        directions, [act for act in row["acts"] if act["act"] == "direct"], strict=True
    ):
        assert direction["by"] == act["by"]
        owner = direction.get("on_behalf_of", direction["by"])
        assert owner == act_of(row, "submit")["to"]
        assert ("lead_unit" in direction) != ("lead_post" in direction)
        assert direction.get("lead_unit", "vptu.th") in UNITS
        assert direction.get("lead_post", "tu.bi-thu") in HOLDER
        assert set(direction.get("supporting", [])) <= set(UNITS) | set(AGENCIES)
        assert set(direction.get("for_information", [])) <= set(HOLDER)
        assert direction["opinion"]
    if "assign" in verbs:
        assert act_of(row, "assign")["to"] == row["specialist"]
        assert POSTS[row["specialist"]]["unit"] == directions[-1]["lead_unit"]
    for act in row["acts"]:
        if act["act"] == "answer":
            assert OUT[act["with"]]["state"] in {"issued", "acknowledged"}
            assert moment(act_of(OUT[act["with"]], "issue")) <= moment(act)
        if act["act"] == "file":
            holding = next(d for d in DOSSIERS["dossier"] if d["key"] == act["dossier"])
            assert row["key"] in holding["documents"]
