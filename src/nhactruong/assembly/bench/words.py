"""Words of an invented office in quantity: subjects, issuers, texts; the same seed, the same words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nhactruong.kernel.text import fold

#: (slug, weight of incoming, weight of outgoing); everything has its page form and its counter.
TYPES: Final = (
    ("cong-van", 52, 46),
    ("bao-cao", 16, 14),
    ("to-trinh", 9, 5),
    ("ke-hoach", 7, 9),
    ("thong-bao", 6, 11),
    ("quyet-dinh", 5, 8),
    ("ket-luan", 2, 4),
    ("nghi-quyet", 2, 2),
    ("chuong-trinh", 1, 1),
)
_OPENINGS: Final = (
    "Về việc",
    "V/v triển khai",
    "V/v báo cáo kết quả",
    "V/v đăng ký làm việc về",
    "V/v cung cấp số liệu",
    "V/v góp ý dự thảo",
    "V/v đôn đốc",
    "V/v xin ý kiến",
)
_TOPICS: Final = (
    "công tác xây dựng Đảng",
    "kiểm tra, giám sát chuyên đề",
    "chuyển đổi số trong cơ quan đảng",
    "sắp xếp tổ chức bộ máy",
    "giải quyết đơn thư, khiếu nại, tố cáo",
    "công tác cán bộ nữ, cán bộ trẻ",
    "phòng, chống tham nhũng, lãng phí, tiêu cực",
    "phòng, chống thiên tai và tìm kiếm cứu nạn",
    "di dời các hộ dân vùng sạt lở",
    "xây dựng nông thôn mới",
    "giảm nghèo bền vững",
    "quy hoạch cán bộ nhiệm kỳ 2025 - 2030",
    "đánh giá, xếp loại tổ chức đảng và đảng viên",
    "kết nạp đảng viên trong doanh nghiệp",
    "học tập chuyên đề toàn khóa",
    "bảo vệ nền tảng tư tưởng của Đảng",
    "công tác dân vận chính quyền",
    "công tác tôn giáo, dân tộc",
    "cải cách thủ tục hành chính trong Đảng",
    "quản lý tài chính, tài sản của Đảng",
    "đầu tư trụ sở làm việc",
    "chế độ phụ cấp đối với cán bộ cơ sở",
    "tiếp xúc cử tri trước kỳ họp",
    "giải phóng mặt bằng đường ven sông",
    "cấp nước sạch nông thôn",
    "nâng cấp trạm y tế",
    "xóa nhà tạm, nhà dột nát",
    "dạy nghề cho lao động nông thôn",
    "bảo đảm an ninh, trật tự dịp lễ",
    "diễn tập khu vực phòng thủ",
    "tuyển quân và chính sách hậu phương",
    "lưu trữ hồ sơ, tài liệu",
    "gửi, nhận văn bản trên mạng của Đảng",
    "đào tạo, bồi dưỡng lý luận chính trị",
    "kỷ niệm ngày truyền thống",
    "khen thưởng tập thể, cá nhân",
    "thi hành kỷ luật đảng viên",
    "kê khai tài sản, thu nhập",
    "bảo vệ chính trị nội bộ",
    "công tác thanh niên, thiếu nhi",
    "thủy lợi nội đồng",
    "trồng rừng gỗ lớn",
    "nuôi trồng thủy sản trên hồ",
    "bảo tồn di tích lịch sử",
    "xây dựng thiết chế văn hóa",
    "dạy và học ngoại ngữ trong trường phổ thông",
    "xử lý rác thải sinh hoạt",
    "khai thác cát, sỏi trái phép",
    "thu ngân sách trên địa bàn",
    "giải ngân vốn đầu tư công",
)
_PLACE_FIRST: Final = (
    *(
        "An",
        "Bình",
        "Cẩm",
        "Diên",
        "Đại",
        "Hạ",
        "Hòa",
        "Hưng",
        "Kỳ",
        "Lộc",
        "Long",
        "Mỹ",
        "Nam",
        "Phú",
        "Sơn",
        "Tân",
        "Thạch",
        "Thanh",
        "Thượng",
    ),
    "Vĩnh",
)
_PLACE_LAST: Final = (
    *(
        "Giang",
        "Hải",
        "Khê",
        "Lâm",
        "Lĩnh",
        "Minh",
        "Nghĩa",
        "Phong",
        "Quang",
        "Sơn",
        "Tân",
        "Thành",
        "Thịnh",
        "Thủy",
        "Trung",
        "Xuân",
    ),
    "Yên",
)
_ISSUERS: Final = (
    "Đảng ủy xã {}",
    "Ủy ban nhân dân xã {}",
    "Hội Nông dân xã {}",
    "Mặt trận Tổ quốc xã {}",
    "Ban Quản lý dự án {}",
    "Trường Trung học phổ thông {}",
    "Công ty Thủy lợi {}",
    "Hạt Kiểm lâm {}",
)
_FAMILY: Final = (
    *(
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Phan",
        "Vũ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
    ),
)
_MIDDLE: Final = (*("Văn", "Thị", "Đức", "Minh", "Hữu", "Ngọc", "Xuân", "Thu", "Quang", "Thanh"),)
_GIVEN: Final = (
    *(
        "An",
        "Bình",
        "Châu",
        "Dũng",
        "Giang",
        "Hà",
        "Hải",
        "Hiền",
        "Hùng",
        "Khánh",
        "Lan",
        "Linh",
        "Long",
        "Mai",
        "Nam",
        "Phúc",
        "Quân",
        "Sơn",
    ),
    *("Thảo", "Tuấn", "Vân", "Yến"),
)
_SENTENCES: Final = (
    "Thực hiện chương trình công tác năm, cơ quan đã chỉ đạo các đơn vị trực thuộc rà soát {}.",
    "Qua theo dõi, việc {} ở một số nơi còn chậm so với thời hạn đã đề ra.",
    "Đề nghị các cấp ủy, tổ chức đảng tiếp tục quan tâm {}; báo cáo kết quả trước ngày 25 hằng tháng.",
    "Nguyên nhân chủ yếu là nguồn lực bố trí cho {} chưa đáp ứng yêu cầu.",
    "Giao văn phòng phối hợp với các cơ quan liên quan tham mưu {}, trình cấp có thẩm quyền xem xét.",
    "Kết quả {} trong kỳ đạt 92,5% kế hoạch, tăng 4,1% so với cùng kỳ năm trước.",
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words and the same folded, so that no document folds them again."""

    text: str
    folded: str


@lru_cache(maxsize=200_000)
def fragment(text: str) -> Fragment:
    """The words with their folded form."""
    return Fragment(text, fold(text))


def subject(dice: random.Random) -> Fragment:
    """A subject of twelve to thirty words; two in ten thousand share it."""
    opening = fragment(dice.choice(_OPENINGS))
    topic = fragment(dice.choice(_TOPICS))
    where = place(dice)
    batch = f"{1 + int(dice.random() * 40)}"
    month = f"{1 + int(dice.random() * 12)}/{2025 + int(dice.random() * 2)}"
    return Fragment(
        f"{opening.text} {topic.text} tại {where.text}, đợt {batch} tháng {month}",
        f"{opening.folded} {topic.folded} tai {where.folded}, dot {batch} thang {month}",
    )


def place(dice: random.Random) -> Fragment:
    """One of some three hundred invented places."""
    return fragment(f"{dice.choice(_PLACE_FIRST)} {dice.choice(_PLACE_LAST)}")


def issuer(dice: random.Random) -> Fragment:
    """A body outside the installation, one of some two thousand."""
    return fragment(dice.choice(_ISSUERS).format(place(dice).text))


def person(dice: random.Random) -> Fragment:
    """An invented name."""
    return fragment(f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}")


def text_body(dice: random.Random, sentences: int) -> str:
    """Paragraphs of a letter, one a line."""
    return "\n".join(
        dice.choice(_SENTENCES).format(dice.choice(_TOPICS) + f" tại {place(dice).text}")
        for _ in range(sentences)
    )


def questions(dice: random.Random, count: int) -> Sequence[str]:
    """What people type into the search field: mostly a topic with a place, some common, some rare."""
    asked = []
    for _ in range(count):
        kind = dice.random()
        topic = fragment(dice.choice(_TOPICS))
        if kind < 0.5:
            words = f"{' '.join(topic.text.split()[-3:])} {place(dice).text}"
        elif kind < 0.7:
            words = " ".join(topic.folded.split()[-2:])
        elif kind < 0.85:
            words = f"{1 + int(dice.random() * 900)}-CV"
        else:
            words = issuer(dice).text
        asked.append(words)
    return asked
