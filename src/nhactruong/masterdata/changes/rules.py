"""What a change order may say, and where it stands: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from nhactruong.kernel.decisions import ALLOWED, Decision, refused
from nhactruong.kernel.text import fold


class Kind(StrEnum):
    """What is changed."""

    GRANT_ROLE = "grant_role"
    TAKE_ROLE = "take_role"
    APPOINT = "appoint"
    END_HOLDING = "end_holding"
    OPEN_POST = "open_post"
    CLOSE_POST = "close_post"
    FOUND_UNIT = "found_unit"
    RENAME_AGENCY = "rename_agency"
    GIVE_IDENTIFIER = "give_identifier"
    GIVE_ACCOUNT = "give_account"
    RESET_ACCOUNT = "reset_account"


KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.GRANT_ROLE: "Giao vai trò",
    Kind.TAKE_ROLE: "Thôi giao vai trò",
    Kind.APPOINT: "Giao chức danh",
    Kind.END_HOLDING: "Thôi giữ chức danh",
    Kind.OPEN_POST: "Lập chức danh",
    Kind.CLOSE_POST: "Kết thúc chức danh",
    Kind.FOUND_UNIT: "Lập phòng, ban",
    Kind.RENAME_AGENCY: "Đổi tên cơ quan",
    Kind.GIVE_IDENTIFIER: "Cấp mã định danh",
    Kind.GIVE_ACCOUNT: "Cấp tài khoản",
    Kind.RESET_ACCOUNT: "Cấp lại mật khẩu",
}
#: What the form of each kind is for, in a line.
KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.GRANT_ROLE: "Thêm quyền cho một chức danh; ai giữ chức danh thì có quyền ấy",
    Kind.TAKE_ROLE: "Chức danh còn, nhưng từ ngày ấy không còn quyền này",
    Kind.APPOINT: "Một người giữ chức danh đang trống, chính thức, kiêm nhiệm hoặc quyền",
    Kind.END_HOLDING: "Việc đang chờ ở lại với chức danh; muốn giao nơi khác thì lập bàn giao",
    Kind.OPEN_POST: "Chức danh mới của cơ quan hoặc của phòng, ban",
    Kind.CLOSE_POST: "Chức danh không còn người giữ, không còn việc chờ",
    Kind.FOUND_UNIT: "Phòng, ban mới của cơ quan",
    Kind.RENAME_AGENCY: "Tên mới từ một ngày; văn bản cũ giữ tên cũ",
    Kind.GIVE_IDENTIFIER: "Mã mới từ một ngày; mã cũ hết hiệu lực ngày ấy",
    Kind.GIVE_ACCOUNT: "Người giữ chức danh chưa đăng nhập được; duyệt xong quản trị hệ thống lấy mã,"
    " in ra, đưa tận tay",
    Kind.RESET_ACCOUNT: "Người quên mật khẩu; duyệt là mọi phiên đang mở kết thúc, quản trị hệ thống"
    " lấy mã, in ra, đưa tận tay",
}
#: What to do when a form has nothing to choose from.
NOTHING_WORDS: Final[Mapping[Kind, str]] = {
    Kind.APPOINT: "Chưa có chức danh nào trống. Đồng chí lập phiếu thôi giữ hoặc lập chức danh trước.",
    Kind.CLOSE_POST: "Chưa có chức danh nào trống. Đồng chí lập phiếu thôi giữ trước.",
    Kind.END_HOLDING: "Chưa có chức danh nào có người giữ.",
    Kind.TAKE_ROLE: "Chưa có chức danh nào mang vai trò.",
    Kind.GRANT_ROLE: "Chưa có chức danh nào. Đồng chí lập chức danh trước.",
    Kind.GIVE_ACCOUNT: "Ai giữ chức danh chính thức ở đây cũng đã có tài khoản.",
    Kind.RESET_ACCOUNT: "Chưa ai giữ chức danh chính thức ở đây có tài khoản.",
}
#: What the head of a unit asks for in his unit; all else is asked for the whole agency.
OF_A_UNIT: Final = frozenset(
    {
        Kind.GRANT_ROLE,
        Kind.TAKE_ROLE,
        Kind.APPOINT,
        Kind.END_HOLDING,
        Kind.OPEN_POST,
        Kind.CLOSE_POST,
        Kind.GIVE_ACCOUNT,
        Kind.RESET_ACCOUNT,
    }
)
#: After these somebody collects a code for the person.
ABOUT_ACCOUNTS: Final = frozenset({Kind.GIVE_ACCOUNT, Kind.RESET_ACCOUNT})
#: These give something to the person they name: three people, whatever the program says.
FOR_A_PERSON: Final = (Kind.APPOINT, Kind.GIVE_ACCOUNT, Kind.RESET_ACCOUNT)
#: The deciding paper may be older than the order: people take up and leave posts on its day.
_MAY_LIE_BACK: Final = frozenset(
    {Kind.APPOINT, Kind.END_HOLDING, Kind.RENAME_AGENCY, Kind.GIVE_IDENTIFIER}
)
#: Written on the day itself or later, because what is printed, exchanged or opened changes at once.
FROM_ITS_DAY_ON: Final = frozenset({Kind.RENAME_AGENCY, Kind.GIVE_IDENTIFIER}) | ABOUT_ACCOUNTS
#: No order reaches further back, or further ahead, than this.
LONGEST: Final = timedelta(days=366)


class State(StrEnum):
    """Where an order stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.REQUESTED: "Chờ duyệt",
    State.APPROVED: "Đã duyệt",
    State.REFUSED: "Không duyệt",
    State.WITHDRAWN: "Đã rút",
}
TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("approve", State.REQUESTED): State.APPROVED,
    ("refuse", State.REQUESTED): State.REFUSED,
    ("withdraw", State.REQUESTED): State.WITHDRAWN,
}


def may_begin(kind: Kind, day: date, today: date) -> Decision:
    """Whether a change of that kind may take effect from that day."""
    if abs(day - today) > LONGEST:
        return refused(
            "change.too_far", "Ngày có hiệu lực cách hôm nay quá một năm. Đồng chí xem lại ngày."
        )
    if day < today and kind not in _MAY_LIE_BACK:
        return refused(
            "change.in_the_past",
            "Quyền và tổ chức không lùi ngày: ngày có hiệu lực từ hôm nay trở đi.",
        )
    return ALLOWED


#: How long after the answer a code may be collected; later a new order is asked for.
COLLECT_WITHIN: Final = timedelta(days=30)


class CodeStage(StrEnum):
    """Where the code of an approved order about an account stands."""

    TO_COLLECT = "to_collect"
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    LAPSED = "lapsed"


def code_stage(
    decided_at: datetime,
    now: datetime,
    *,
    made_at: datetime | None,
    expires_at: datetime | None,
    used_at: datetime | None,
) -> CodeStage:
    """Where the code stands, by the last one made for the account; older ones count as none."""
    if made_at is not None and expires_at is not None and made_at >= decided_at:
        if used_at is not None:
            return CodeStage.USED
        if expires_at > now:
            return CodeStage.OPEN
        stage = CodeStage.EXPIRED
    else:
        stage = CodeStage.TO_COLLECT
    return stage if now - decided_at <= COLLECT_WITHIN else CodeStage.LAPSED


#: Letters, figures and dots, as in `mien.dinh`.
_USERNAME: Final = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9]+)*")
_SHORTEST, LONGEST_USERNAME = 3, 60


def is_username(text: str) -> bool:
    """Whether somebody may be called so at sign-in: small letters without marks, figures, dots."""
    return _SHORTEST <= len(text) <= LONGEST_USERNAME and bool(_USERNAME.fullmatch(text))


def suggested_username(full_name: str) -> str:
    """`mien.dinh` of `Đinh Thị Miên`: given name, then family name."""
    words = [re.sub(r"[^a-z]", "", word) for word in fold(full_name).split()]
    words = [word for word in words if word]
    return ".".join([words[-1], words[0]] if len(words) > 1 else words)[: LONGEST_USERNAME - 5]


def day_of(kind: Kind, asked: date, today: date) -> date:
    """The day from which an order decided today holds: what does not lie back begins today."""
    return asked if kind in _MAY_LIE_BACK else max(asked, today)


_OFFICE: Final = "Văn phòng"


def chief_words(agency_name: str) -> str:
    """The head of the office of that agency: `Chánh Văn phòng Tỉnh ủy`."""
    if agency_name.startswith(_OFFICE):
        return f"Chánh {agency_name}"
    return f"Chánh {_OFFICE} {agency_name}"
