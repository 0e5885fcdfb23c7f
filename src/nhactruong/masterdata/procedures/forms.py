"""What the page of a wording sends: one block of fields for each step."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nhactruong.foundation.ui.sources import PlainForm, chosen, code_list, known, typed
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import line_within, text_within
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.procedures.rules import UNIT_WORDS, Content, Norm, Step, Unit

#: Who takes part in the work of an office; administrators do not.
_DOERS: Final = tuple(
    role for role in Role if role not in (Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
)
UNITS: Final = tuple((unit.value, label) for unit, label in UNIT_WORDS.items())
_NEW: Final = "moi"
_MOST_NORM: Final = 10_000

PlainForm(
    __name__,
    "Các bước của quy trình",
    {
        "ten-*": ("Tên bước", known("Bản đang áp dụng")),
        "ai-*": ("Người thực hiện", code_list("roles")),
        "muc-*": ("Định mức", known("Bản đang áp dụng")),
        "dvt-*": ("Tính theo", known("Bản đang áp dụng")),
        "can-cu-*": ("Căn cứ định mức", known("Bản đang áp dụng")),
        "ket-qua-*": ("Kết quả", known("Bản đang áp dụng")),
        "bo-*": ("Bỏ bước này", typed("Quyết định của người soạn")),
        "sau-*": ("Đứng ở đâu", chosen("Các bước của bản")),
        "pham-vi": ("Phạm vi áp dụng", known("Bản đang áp dụng")),
        "can-cu": ("Căn cứ", known("Bản đang áp dụng")),
    },
)


@dataclass(frozen=True, slots=True)
class StepFields:
    """A step as the form shows it; `key` is part of the names of its fields."""

    key: str
    number: int
    name: str
    doers: str
    doer_options: Sequence[tuple[str, str]]
    amount: str
    unit: str
    rule: str
    result: str
    may_go: bool
    fault: str = ""


def _joined(doers: Sequence[Role]) -> str:
    return ",".join(role.code for role in doers)


def _doer_options(doers: Sequence[Role]) -> list[tuple[str, str]]:
    """The present doers together, then every role alone."""
    single = [(role.code, ROLE_LABELS[role]) for role in _DOERS]
    if len(doers) > 1:
        return [(_joined(doers), ", ".join(ROLE_LABELS[role] for role in doers)), *single]
    return single if doers else [("", "Chọn người thực hiện"), *single]


def step_fields(content: Content, fault: InvalidInput | None = None) -> list[StepFields]:
    """The blocks of the form."""
    faults = fault.fields if fault else {}
    return [
        StepFields(
            key=step.key,
            number=number,
            name=step.name,
            doers=_joined(step.doers),
            doer_options=_doer_options(step.doers),
            amount=str(step.norm.amount) if step.norm else "",
            unit=step.norm.unit.value if step.norm else Unit.DAYS.value,
            rule=step.rule,
            result=step.result,
            may_go=not step.states,
            fault=faults.get(f"muc-{step.key}", ""),
        )
        for number, step in enumerate(content.steps, 1)
    ]


def new_step_options(content: Content) -> list[tuple[str, str]]:
    """After which step an added one may stand."""
    return [(step.key, f"Sau bước {n}: {step.name}") for n, step in enumerate(content.steps, 1)]


def doer_options() -> list[tuple[str, str]]:
    """Who may do an added step."""
    return _doer_options(())


def read_content(sent: Mapping[str, str], content: Content) -> Content:
    """`content` with what the form says; a step without its fields stays as it is.

    Raises: InvalidInput at the field that cannot be read.
    """
    steps: list[Step] = []
    for step in content.steps:
        if sent.get(f"bo-{step.key}") and not step.states:
            continue
        has_fields = f"ten-{step.key}" in sent
        steps.append(_read_step(sent, step.key, step) if has_fields else step)
        if sent.get(f"ten-{_NEW}", "").strip() and sent.get(f"sau-{_NEW}") == step.key:
            steps.append(_read_step(sent, _NEW, Step(f"them-{uuid.uuid4().hex[:8]}", "")))
    basis = sent.get("can-cu", "\n".join(content.basis))
    return replace(
        content,
        steps=tuple(steps),
        scope=text_within(
            1000, sent.get("pham-vi", content.scope), field="pham-vi", label="Phạm vi áp dụng"
        ),
        basis=tuple(
            line_within(300, line, field="can-cu", label="Căn cứ")
            for line in basis.splitlines()
            if line.strip()
        ),
    )


def _read_step(sent: Mapping[str, str], key: str, step: Step) -> Step:
    return replace(
        step,
        name=line_within(200, sent.get(f"ten-{key}", ""), field=f"ten-{key}", label="Tên bước"),
        doers=_read_doers(sent.get(f"ai-{key}", "")),
        norm=_read_norm(sent.get(f"muc-{key}", ""), sent.get(f"dvt-{key}", ""), f"muc-{key}"),
        rule=line_within(
            300, sent.get(f"can-cu-{key}", ""), field=f"can-cu-{key}", label="Căn cứ định mức"
        ),
        result=line_within(
            300, sent.get(f"ket-qua-{key}", ""), field=f"ket-qua-{key}", label="Kết quả"
        ),
    )


def _read_doers(words: str) -> tuple[Role, ...]:
    known = {role.code: role for role in Role}
    return tuple(known[code] for code in words.split(",") if code in known)


def _read_norm(amount: str, unit: str, field: str) -> Norm | None:
    if not amount.strip():
        return None
    number = whole_number(amount)
    if number is None or not 1 <= number <= _MOST_NORM:
        raise InvalidInput.at(field, "procedure.bad_norm", "Định mức là số nguyên từ 1 trở lên.")
    return Norm(number, Unit.HOURS if unit == Unit.HOURS else Unit.DAYS)
