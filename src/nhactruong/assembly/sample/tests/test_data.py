"""The sample data: references resolve, acts keep the order of the law, nothing real is named."""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nhactruong.assembly.sample.dossier_acts import filed_at
from nhactruong.kernel.states import PARTY_FORM_PREFIX, Role, Secrecy, SigningForm, Urgency
from nhactruong.kernel.text import fold

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = sorted(DATA.rglob("*.toml"))


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


OFFICE = load("organization.toml")
PEOPLE = load("people.toml")["person"]
AUTHORITY = load("signing_authority.toml")["authority"]
OUTGOING = load("documents/outgoing.toml")["document"]
INCOMING = load("documents/incoming.toml")["document"]
DOSSIERS = load("dossiers.toml")
OVERRIDES = load("holidays.toml")["override"]

AGENCIES = {row["key"]: row for row in OFFICE["agency"]}
ORGANS = {row["key"]: row for row in OFFICE["organ"]}
UNITS = {row["key"]: row for row in OFFICE["unit"]}
POSTS = {row["key"]: row for row in OFFICE["post"]}
HOLDER = {held["post"]: person["key"] for person in PEOPLE for held in person["posts"]}
OUT = {row["key"]: row for row in OUTGOING}
IN = {row["key"]: row for row in INCOMING}

TYPES = {
    "nghi-quyet", "quyet-dinh", "chi-thi", "ket-luan", "ke-hoach", "chuong-trinh", "de-an",
    "thong-bao", "bao-cao", "to-trinh", "cong-van", "giay-moi", "phieu-chuyen", "cong-dien",
}  # fmt: skip
OUT_STATE = {
    "create": "draft",
    "submit": "content_review",
    "approve_content": "form_check",
    "form_check": "appraisal",
    "appraise": "awaiting_signature",
    "sign": "signed",
    "number": "numbered",
    "seal": "sealed",
    "issue": "issued",
    "acknowledge": "acknowledged",
    "return": "returned",
}
IN_STATE = {
    "receive": "received",
    "register": "registered",
    "submit": "submitted",
    "direct": "directed",
    "assign": "assigned",
    "start": "in_progress",
    "answer": "answered",
    "complete": "completed",
    "file": "filed",
}
PLACEHOLDER = re.compile(r"\{([^}]*)\}")
PRINTED_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
REAL_PLACES = (
    "Cao Bằng", "Tuyên Quang", "Hà Giang", "Điện Biên", "Lai Châu", "Sơn La", "Lào Cai", "Yên Bái",
    "Thái Nguyên", "Bắc Kạn", "Lạng Sơn", "Quảng Ninh", "Bắc Ninh", "Bắc Giang", "Phú Thọ",
    "Hòa Bình", "Vĩnh Phúc", "Hải Phòng", "Hải Dương", "Hưng Yên", "Thái Bình", "Ninh Bình",
    "Nam Định", "Hà Nam", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Quảng Bình", "Huế",
    "Đà Nẵng", "Quảng Nam", "Quảng Ngãi", "Kon Tum", "Gia Lai", "Bình Định", "Khánh Hòa",
    "Ninh Thuận", "Đắk Lắk", "Phú Yên", "Lâm Đồng", "Đắk Nông", "Bình Thuận", "Đồng Nai",
    "Bình Phước", "Hồ Chí Minh", "Bình Dương", "Tây Ninh", "Long An", "Đồng Tháp", "Tiền Giang",
    "Vĩnh Long", "Bến Tre", "Trà Vinh", "An Giang", "Kiên Giang", "Cần Thơ", "Hậu Giang",
    "Sóc Trăng", "Bạc Liêu", "Cà Mau", "Công Hải",
)  # fmt: skip


def moment(act: dict[str, Any]) -> tuple[int, str]:
    return act["day"], act["time"]


def texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return []


def dates(node: object) -> list[datetime.date]:
    if isinstance(node, datetime.date):
        return [node]
    if isinstance(node, dict):
        return [day for value in node.values() for day in dates(value)]
    if isinstance(node, list):
        return [day for value in node for day in dates(value)]
    return []


def act_of(document: dict[str, Any], verb: str) -> dict[str, Any]:
    return next(act for act in document["acts"] if act["act"] == verb)


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


def states_of(row: dict[str, Any]) -> set[str]:
    return {OUT_STATE[act["act"]] for act in row["acts"]}


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
