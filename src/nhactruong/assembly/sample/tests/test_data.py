"""The sample data: references resolve, dates are working days, nothing real is named."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from nhactruong.assembly.sample.dossier_acts import filed_at
from nhactruong.assembly.sample.tests.papers import (
    AGENCIES,
    AUTHORITY,
    DOSSIERS,
    FILES,
    HOLDER,
    IN,
    IN_STATE,
    INCOMING,
    OFFICE,
    ORGANS,
    OUT,
    OUT_STATE,
    OUTGOING,
    OVERRIDES,
    PEOPLE,
    PLACEHOLDER,
    POSTS,
    PRINTED_DATE,
    REAL_PLACES,
    TYPES,
    UNITS,
    act_of,
    dates,
    moment,
    states_of,
    texts,
)
from nhactruong.kernel.states import PARTY_FORM_PREFIX, Role, SigningForm
from nhactruong.kernel.text import fold


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_text_in_normal_form_and_names_no_real_province(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    found = [place for place in REAL_PLACES if re.search(rf"\b{place}\b", text)]
    assert found == []


def test_keys_are_unique() -> None:
    tables = [*(OFFICE[name] for name in ("agency", "organ", "unit", "registry", "post"))]
    for rows in [*tables, PEOPLE, OUTGOING + INCOMING, DOSSIERS["dossier"]]:
        assert [key for key, n in Counter(row["key"] for row in rows).items() if n > 1] == []


def test_the_office_hangs_together() -> None:
    communes = [row for row in AGENCIES.values() if row["level"] == "commune"]
    assert len(communes) == 12
    for row in AGENCIES.values():
        assert "parent" not in row or row["parent"] in AGENCIES
    for table in ("organ", "unit", "registry", "post", "series", "arrival"):
        assert {row["agency"] for row in OFFICE[table]} <= set(AGENCIES)
    served = Counter(key for row in OFFICE["registry"] for key in row["serves"])
    assert served == Counter(dict.fromkeys(AGENCIES, 1))
    assert {row["series_body"] for row in ORGANS.values()} == {
        row["series_body"] for row in OFFICE["series"]
    }
    codes = {role.code for role in Role}
    for post in POSTS.values():
        assert "unit" not in post or UNITS[post["unit"]]["agency"] == post["agency"]
        assert post["roles"]
        for role in post["roles"]:
            assert role["role"] in codes
            assert role["agency"] in AGENCIES
    for organ in ORGANS.values():
        assert {member["post"] for member in organ.get("members", [])} <= set(POSTS)


def test_every_agency_has_a_clerk_who_is_not_its_leader() -> None:
    def holders(agency: str, *roles: str) -> set[str]:
        return {
            HOLDER[key]
            for key, post in POSTS.items()
            if key in HOLDER
            for role in post["roles"]
            if role["agency"] == agency and role["role"] in roles
        }

    for agency in AGENCIES:
        clerks = holders(agency, "clerk")
        leaders = holders(agency, "secretary", "deputy_secretary", "chief_of_office")
        assert clerks, agency
        assert leaders, agency
        assert not clerks & leaders, agency


def test_people_stand_in_posts_one_person_a_post() -> None:
    held = [entry["post"] for person in PEOPLE for entry in person["posts"]]
    assert set(held) <= set(POSTS)
    assert len(held) == len(set(held))
    assert 65 <= len(PEOPLE) <= 80
    assert len({person["full_name"] for person in PEOPLE}) == len(PEOPLE)
    for person in PEOPLE:
        words = fold(person["full_name"]).split(" ")
        assert person["username"] == f"{words[-1]}.{words[0]}"
        assert person["gender"] in {"male", "female"}
    kinds = Counter(entry["kind"] for person in PEOPLE for entry in person["posts"])
    assert kinds["concurrent"] >= 2
    assert kinds["acting"] == 1
    two_agencies = [
        person
        for person in PEOPLE
        if len({POSTS[entry["post"]]["agency"] for entry in person["posts"]}) > 1
    ]
    assert len(two_agencies) == 1
    for code in ("sysadmin", "security_admin", "auditor", "archivist"):
        assert any(role["role"] == code for key in held for role in POSTS[key]["roles"]), code


def test_the_small_commune_has_exactly_five_people() -> None:
    inside = {HOLDER[key] for key, post in POSTS.items() if post["agency"] == "dong-mo"}
    assert len(inside) == 5
    roles = {role["role"] for role in POSTS["dong-mo.van-thu"]["roles"]}
    assert {"clerk", "specialist"} <= roles
    assert HOLDER["dong-mo.van-thu"] != HOLDER["dong-mo.bi-thu"]


def test_signing_authority_is_printed_as_its_form_demands() -> None:
    for row in AUTHORITY:
        form = SigningForm(row["form"])
        assert row["organ"] in ORGANS
        assert row["post"] in HOLDER
        assert row["types"] == "all" or set(row["types"]) <= TYPES
        if form in {SigningForm.OWN, SigningForm.ACTING}:
            assert row["capacity_line"] == ""
            assert row["title_line"].startswith(PARTY_FORM_PREFIX[form])
        else:
            assert row["capacity_line"].startswith(PARTY_FORM_PREFIX[form] + " ")
        if form is SigningForm.COLLECTIVE:
            assert row["capacity_line"] == "T/M " + ORGANS[row["organ"]]["collective_line"]
    assert [row for row in AUTHORITY if row.get("to_day", 1) < 0]
    assert [row for row in AUTHORITY if row.get("from_day", -1) > 0]


def test_dates_fall_on_working_days() -> None:
    off = {row["date"] for row in OVERRIDES if row["kind"] == "holiday"}
    for day in dates([OFFICE, PEOPLE, AUTHORITY]):
        assert day.weekday() < 5, day
        assert day not in off, day
    assert len({row["date"] for row in OVERRIDES}) == len(OVERRIDES)
    for row in OVERRIDES:
        assert row["kind"] in {"holiday", "workday"}
        assert row["kind"] == "holiday" or row["date"].weekday() >= 5
    for text in texts([OUTGOING, INCOMING, DOSSIERS]):
        assert not PRINTED_DATE.search(text), text[:80]


def test_placeholders_can_be_resolved() -> None:
    numbered = {
        key: moment(act_of(row, "number"))
        for key, row in OUT.items()
        if any(act["act"] == "number" for act in row["acts"])
    }
    for row in OUTGOING + INCOMING:
        first = moment(row["acts"][0])
        for text in texts(row):
            for found in PLACEHOLDER.findall(text):
                kind, _, rest = found.partition(":")
                if kind in {"n", "nd"}:
                    assert numbered[rest] < first, (row["key"], rest)
                else:
                    assert kind in {"d", "D", "Y", "m"}
                    assert re.fullmatch(r"-?\d{1,3}", rest), (row["key"], found)
    for text in texts(DOSSIERS):
        assert set(PLACEHOLDER.findall(text)) <= {"Y:0"}


def test_the_sample_shows_every_kind_and_every_state() -> None:
    assert len(OUTGOING) >= 28
    assert len(INCOMING) >= 32
    assert {row["type"] for row in OUTGOING} >= {
        "cong-van", "bao-cao", "to-trinh", "thong-bao", "nghi-quyet", "quyet-dinh", "ke-hoach",
        "chi-thi", "ket-luan", "chuong-trinh", "de-an",
    }  # fmt: skip
    assert {row["state"] for row in OUTGOING} == set(OUT_STATE.values())
    assert {row["state"] for row in INCOMING} == set(IN_STATE.values())
    assert len({row["agency"] for row in OUTGOING}) >= 8
    assert sum(row.get("scan", False) for row in INCOMING) >= 6
    assert {row["form"] for row in AUTHORITY} >= {"TM", "KT", "TL", "Q", "OWN"}


def test_the_red_thread_leads_from_programme_to_conclusion() -> None:
    def towards(key: str) -> set[str]:
        row = OUT[key]
        return {link["to"] for link in row.get("links", [])} | {row.get("reply_to", key)}

    assert "ctr-thien-tai" in towards("da-dan-cu")
    assert "da-dan-cu" in towards("tt-di-doi")
    assert "da-dan-cu" in towards("bc-sat-lo")
    assert {"tt-di-doi", "den.tt-di-doi", "da-dan-cu"} <= towards("tb-di-doi")
    assert IN["den.bc-sat-lo"]["from_outgoing"] == "bc-sat-lo"


def test_registers_open_so_that_the_story_gets_its_numbers() -> None:
    opened = {row["series_body"]: row["last_numbers"] for row in OFFICE["series"]}
    given: dict[str, int] = {}
    numbered = [row for row in OUTGOING if "numbered" in states_of(row)]
    for row in sorted(numbered, key=lambda row: moment(act_of(row, "number"))):
        counter = opened[ORGANS[row["organ"]]["series_body"]]
        counter[row["type"]] = counter.get(row["type"], 0) + 1
        given[row["key"]] = counter[row["type"]]
    assert given["da-dan-cu"] == 5
    assert given["tt-di-doi"] == 31
    assert given["bc-sat-lo"] == 118
    assert given["tb-ben-lua"] == 187


def test_dossiers_hold_what_the_office_has() -> None:
    dossiers = DOSSIERS["dossier"]
    assert len(dossiers) == 5
    assert [row["key"] for row in dossiers if row["state"] == "closed"] == ["hs-tcd"]
    served = {agency: row["key"] for row in OFFICE["registry"] for agency in row["serves"]}
    plans = {plan["key"]: plan for plan in DOSSIERS["catalogue"]}
    for plan in plans.values():
        headings = {heading["key"] for heading in plan["headings"]}
        assert {item["heading"] for item in plan["items"]} <= headings
        assert {item["creator"] for item in plan["items"]} <= set(HOLDER)
    for row in dossiers:
        item = next(i for i in plans[row["catalogue"]]["items"] if i["code"] == row["code"])
        assert (item["title"], item["retention"]) == (row["title"], row["retention"])
        assert POSTS[row["owner"]]["unit"] == row["unit"]
        assert item["creator"] == row["owner"]
        for key in row["documents"]:
            document = OUT.get(key) or IN[key]
            assert served[document["agency"]] == served[row["agency"]], key


def test_a_paper_is_filed_after_it_was_given_and_a_dossier_opened_after_its_first_paper() -> None:
    for row in DOSSIERS["dossier"]:
        began = []
        for key in row["documents"]:
            paper = OUT.get(key) or IN[key]
            acts = {act["act"]: moment(act) for act in paper["acts"]}
            # Work begins with a draft, or with the paper that was given to somebody.
            began.append(acts.get("create") or acts.get("assign") or acts["direct"])
            for verb in ("issue", "register", "direct", "assign"):
                assert acts.get(verb, (-999, "")) < filed_at(row, paper), (row["key"], key, verb)
            assert filed_at(row, paper) < (row.get("close_day", 1), "16:10")
        assert row["open_day"] >= min(began)[0], row["key"]
