"""When a wording is sound, what an adaptation below may change, and what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.masterdata.procedures.rules.content import Content, OfficeDay, Step

_MOST_AMOUNT: Final = 250
_MOST_STEPS: Final = 40


def require_sound(content: Content) -> None:
    """Nothing when a version with this content may be proposed.

    Raises: InvalidInput naming the first step that is not right.
    """
    if not content.steps:
        raise InvalidInput("procedure.no_step", "Quy trình phải có ít nhất một bước.")
    if len(content.steps) > _MOST_STEPS:
        raise InvalidInput("procedure.many_steps", "Quy trình dài quá 40 bước. Đồng chí gộp bớt.")
    keys = [step.key for step in content.steps]
    states = [state for step in content.steps for state in step.states] + list(content.closing)
    if len(set(keys)) < len(keys) or len(set(states)) < len(states):
        raise InvalidInput("procedure.twice", "Một bước hoặc một trạng thái bị ghi hai lần.")
    for number, step in enumerate(content.steps, 1):
        if not step.name.strip():
            raise InvalidInput("procedure.no_name", "Bước %(number)s chưa có tên.", number=number)
        if not step.doers:
            raise InvalidInput(
                "procedure.no_doer", "Bước “%(name)s” chưa ghi ai thực hiện.", name=step.name
            )
        if step.norm is not None and not 1 <= step.norm.amount <= _MOST_AMOUNT:
            raise InvalidInput(
                "procedure.bad_norm",
                "Định mức của bước “%(name)s” phải từ 1 đến 250.",
                name=step.name,
            )


def require_within(own: Content, superior: Content, office_day: OfficeDay) -> None:
    """Nothing when `own` may stand for `superior` below: quicker or with more steps, never less.

    Raises: RuleBroken `procedure.step_removed`, `procedure.step_changed`, `procedure.longer`.
    """
    kept = [step.key for step in own.steps]
    order = []
    for above in superior.steps:
        step = own.step(above.key)
        if step is None:
            if above.is_compulsory:
                raise RuleBroken(
                    "procedure.step_removed",
                    "Bước “%(name)s” là bước bắt buộc của cấp trên nên không bỏ được.",
                    name=above.name,
                )
            continue
        order.append(kept.index(above.key))
        if (step.states, step.verbs, step.is_compulsory) != (
            above.states,
            above.verbs,
            above.is_compulsory,
        ):
            raise RuleBroken(
                "procedure.step_changed",
                "Bước “%(name)s” gắn với trạng thái của hồ sơ nên không đổi được phần này.",
                name=above.name,
            )
        if above.norm is not None and (
            step.norm is None or step.norm.minutes(office_day) > above.norm.minutes(office_day)
        ):
            raise RuleBroken(
                "procedure.longer",
                "Định mức của bước “%(name)s” không được dài hơn %(norm)s mà cấp trên quy định.",
                name=above.name,
                norm=above.norm.words,
            )
    known = {step.key for step in superior.steps}
    if any(step.states for step in own.steps if step.key not in known):
        raise RuleBroken(
            "procedure.own_state", "Bước thêm của cơ quan không gắn với trạng thái của hồ sơ."
        )
    if order != sorted(order) or own.closing != superior.closing:
        raise RuleBroken(
            "procedure.order_changed", "Thứ tự các bước của cấp trên không đổi được ở cấp dưới."
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions; `old` or `new` is empty when it is not there."""

    what: str
    old: str
    new: str


def changes(old: Content, new: Content) -> list[Change]:
    """What a reader must know who knows the old version."""
    found = list(_step_changes(old, new))
    pairs = (
        ("Phạm vi áp dụng", old.scope, new.scope),
        ("Căn cứ", "; ".join(old.basis), "; ".join(new.basis)),
        (
            "Biểu mẫu",
            "; ".join(sheet.name for sheet in old.forms),
            "; ".join(sheet.name for sheet in new.forms),
        ),
    )
    found += [Change(what, before, after) for what, before, after in pairs if before != after]
    return found


def _step_changes(old: Content, new: Content) -> Iterator[Change]:
    for step in old.steps:
        if new.step(step.key) is None:
            yield Change(f"Bỏ bước “{step.name}”", _said(step), "")
    for number, step in enumerate(new.steps, 1):
        before = old.step(step.key)
        if before is None:
            yield Change(f"Thêm bước {number} “{step.name}”", "", _said(step))
        elif _said(before) != _said(step):
            yield Change(f"Bước {number} “{step.name}”", _said(before), _said(step))


def _said(step: Step) -> str:
    norm = step.norm.words if step.norm else "theo hạn của việc"
    parts = (step.name, step.doer_words, norm, step.rule, step.result)
    return ", ".join(part for part in parts if part)
