"""What a procedure says, when it is sound, what may change below, and sums of working time."""

from nhactruong.masterdata.procedures.rules.content import (
    FINISHED,
    STATE_LABELS,
    TRANSITIONS,
    UNIT_WORDS,
    Content,
    FormSheet,
    Norm,
    OfficeDay,
    State,
    Step,
    Unit,
    from_json,
    to_json,
)
from nhactruong.masterdata.procedures.rules.lawful import (
    Change,
    changes,
    require_sound,
    require_within,
)
from nhactruong.masterdata.procedures.rules.times import (
    due_at,
    medians,
    time_words,
    times_of,
    used_minutes,
)

__all__ = [
    "FINISHED",
    "STATE_LABELS",
    "TRANSITIONS",
    "UNIT_WORDS",
    "Change",
    "Content",
    "FormSheet",
    "Norm",
    "OfficeDay",
    "State",
    "Step",
    "Unit",
    "changes",
    "due_at",
    "from_json",
    "medians",
    "require_sound",
    "require_within",
    "time_words",
    "times_of",
    "to_json",
    "used_minutes",
]
