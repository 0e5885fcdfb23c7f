"""What stands around a document: life, four steps, verdict, viewer, editor, remarks, form check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nhactruong.foundation.ui import rules
from nhactruong.kernel import text as words_of
from nhactruong.kernel.errors import InvalidInput

from .registry import attributes, element_id, icon_html, library, part_of, rendered

STEP_STATES = {"done": "is-done", "now": "is-now", "next": "", "failed": "is-failed"}
LIFE_STATES = {"done": "is-done", "now": "is-now", "next": "", "off": "is-off", "wrong": "is-wrong"}
LIFE_WORDS = {
    "done": " (đã xong)",
    "now": "",
    "next": " (chưa tới)",
    "off": " (không cần)",
    "wrong": " (có lỗi)",
}
REMARKS = {
    "open": ("", "", ""),
    "accepted": (" comment--done", "Đã tiếp thu", "ok"),
    "refused": (" comment--refused", "Không tiếp thu", "info"),
}


@library.simple_tag
def life(steps: Iterable[Any], label: str = "Đường đời văn bản") -> SafeString:
    """The life of a document as knots; steps are `LifeStep`s or (label, state, note)."""
    knots = []
    for step in steps:
        name, state, remark = (
            (*step, "", "")[:3]
            if isinstance(step, tuple | list)
            else (part_of(step, "label"), part_of(step, "state", "next"), part_of(step, "note", ""))
        )
        knots.append(
            {
                "label": name,
                "note": remark,
                "css": LIFE_STATES[state or "next"],
                "state": state or "next",
                "words": LIFE_WORDS[state or "next"],
            }
        )
    return rendered("life", knots=knots, label=label)


@library.simple_block_tag(end_name="endforce_steps")
def force_steps(content: str, label: str = "Bốn bước phát hành") -> SafeString:
    """The ordered list around four `force_step`s: sign, number, seal, issue."""
    return format_html('<ol class="steps" aria-label="{}">{}</ol>', label, SafeString(content))


@library.simple_block_tag(end_name="endforce_step")
def force_step(
    content: str, n: int, title: str, state: str = "next", who: str = "", level: int = 3
) -> SafeString:
    """One of the four acts; `state`: done, now, next, failed. Only the current one holds a button."""
    return rendered(
        "force_step",
        content=SafeString(content.strip()),
        n=n,
        title=title,
        css=STEP_STATES[state],
        state=state,
        who=who,
        level=level if level in (2, 3, 4) else 3,
    )


@library.simple_tag
def given_number(code: str, remark: str = "") -> SafeString:
    """A number just given, set large, with its date and place in the series."""
    return format_html(
        '<p class="give-no"><strong>{}</strong><span class="muted">{}</span></p>', code, remark
    )


@library.simple_block_tag(end_name="endverdict")
def verdict(
    content: str, kind: str, sentence: str, summary: str = "Chi tiết chứng thư"
) -> SafeString:
    """What a signature check says: valid, caution, unknown, invalid; details (content) folded.

    Raises: InvalidInput `ui.unknown_verdict`.
    """
    if kind not in rules.VERDICTS:
        raise InvalidInput("ui.unknown_verdict", "Không có kết luận %(kind)s.", kind=kind)
    words, tone, picture = rules.VERDICTS[kind]
    return rendered(
        "verdict",
        words=words,
        css="" if tone == "tot" else f" verdict--{tone}",
        icon=picture,
        sentence=sentence,
        summary=summary,
        details=SafeString(content.strip()),
    )


@library.simple_block_tag(takes_context=True, end_name="endviewer")
def viewer(
    context: Context,
    content: str,
    pages: Sequence[Any] = (),
    title: str = "",
    label: str = "Văn bản gốc",
    download_url: str = "",
    badge: str = "",
    empty: str = "Chưa có hình trang. Hình trang đang được tạo; tải bản gốc để đọc ngay.",
) -> SafeString:
    """Page pictures with zoom, page choice, source marks and text layer.

    `pages` are `PagePicture`s. Without pages the content is shown instead (an HTML preview in
    `.paper`), or the sentence `empty`.
    """
    sheets = list(pages or ())
    return rendered(
        "viewer",
        pages=sheets,
        count=len(sheets),
        title=title,
        label=label,
        download_url=download_url,
        badge=badge,
        empty=empty,
        content=SafeString(content.strip()),
        identifier=element_id(context, "trang", title),
    )


@library.simple_block_tag(end_name="endeditor_block")
def editor_block(content: str, tag: str, locked: bool = False, on: bool = False) -> SafeString:
    """A labelled block of a draft; locked ones hold what the system knows by itself."""
    return format_html(
        '<div class="blk{}"><span class="tag">{}</span><div class="txt{}">{}{}</div></div>',
        " is-on" if on else "",
        tag,
        " locked" if locked else "",
        SafeString(content.strip()),
        SafeString('<span class="sr"> (không sửa được tại đây)</span>') if locked else "",
    )


@library.simple_tag
def editor_field(
    tag: str, name: str, value: str = "", rows: int = 2, hint: str = "", error: str = ""
) -> SafeString:
    """A block of a draft one types in: a text area with the block's label."""
    return rendered(
        "editor_field", tag=tag, name=name, value=value, rows=rows, hint=hint, error=error
    )


@library.simple_tag
def diff(old: str | Sequence[tuple[str, str]] = "", new: str = "") -> SafeString:
    """What changed by whole words; takes two texts, or ready (kind, text) pieces: same, ins, del."""
    pieces = rules.word_diff(old, new) if isinstance(old, str) else old
    shown = {
        "same": "{}",
        "ins": '<ins class="diff">{}</ins>',
        "del": '<del class="diff">{}</del>',
    }
    body = SafeString("").join(format_html(shown[kind], words) for kind, words in pieces)
    return format_html('<p class="diff-text">{}</p>', SafeString(body))


@library.simple_block_tag(end_name="endremark")
def remark(
    content: str,
    author: str,
    text: str,
    post: str = "",
    when: str = "",
    state: str = "open",
    reason: str = "",
) -> SafeString:
    """A comment on a draft; `state`: open, accepted, refused (with reason); content is its acts."""
    css, words, picture = REMARKS[state]
    return rendered(
        "remark",
        author=author,
        initials=words_of.initials(author),
        text=text,
        post=post,
        when=when,
        css=css,
        words=words,
        icon=picture,
        tone="ok" if state == "accepted" else "neutral",
        reason=reason,
        acts=SafeString(content.strip()),
    )


@library.simple_tag
def form_check(
    passed: int, total: int, faults: Sequence[Any] = (), remark: str = "", url: str = ""
) -> SafeString:
    """ "Thể thức đạt 14/14", or the list of faults with rule, place and "Sửa giúp"."""
    return rendered(
        "form_check", passed=passed, total=total, faults=list(faults), remark=remark, url=url
    )


@library.simple_tag
def avatar(name: str, initials: str = "", small: bool = True) -> SafeString:
    """Two letters for a person; decorative, the name stands beside it."""
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>',
        " avatar--s" if small else "",
        initials or words_of.initials(name),
    )


@library.simple_tag
def chips(labels: Iterable[str], icon: str = "people", tone: str = "neutral") -> SafeString:
    """Names side by side (recipients, places), each with an icon."""
    css = rules.tone_class(tone)
    return format_html(
        '<ul class="chips">{}</ul>',
        format_html_join(
            "",
            '<li><span class="badge{}">{}{}</span></li>',
            (
                ("" if css == "tinh" else f" badge--{css}", icon_html(icon), label)
                for label in labels
            ),
        ),
    )


@library.simple_tag
def source_attributes(values: Mapping[str, str]) -> SafeString:
    """Extra HTML attributes from a dict, escaped (for `data-…` of our custom elements)."""
    return attributes(**values)
