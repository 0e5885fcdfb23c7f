"""What the tags promise: words beside icons, wiring of fields, escaping of hostile text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.gallery import SPECIMENS, sample
from nhactruong.foundation.ui.shapes import (
    Badge,
    Column,
    Due,
    PagePicture,
    Person,
    RegisterRow,
    SourceMark,
)
from nhactruong.foundation.ui.thread_layout import ThreadNode
from nhactruong.foundation.ui.views import component, error, index
from nhactruong.kernel.errors import InvalidInput, RuleBroken

HOSTILE = """"><script>alert('x')</script><img src=x onerror=alert(1)>'"""


def render(source: str, **context: object) -> str:
    template = engines["django"].from_string("{% load ui %}" + source)
    return str(template.render(context, RequestFactory().get("/")))


class Page(HTMLParser):
    """Elements and attributes of a page, and ids that were given twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, name):
        return [attrs for tag, attrs in self.elements if tag == name]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if attrs.get("id")]


class LetterForm(OfficeForm):
    code = forms.CharField(label="Số, ký hiệu", help_text="Ghi như trên văn bản")
    issued_on = OfficeDateField(label="Ngày văn bản")
    lead = forms.ChoiceField(
        label="Chủ trì", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")]
    )
    agree = forms.BooleanField(label="Đã đối chiếu", required=False)


@pytest.mark.parametrize(
    "source",
    [
        "{% page_head title=x lead=x crumbs=pairs %}{% endpage_head %}",
        "{% card heading=x link_label=x link_url=x id=x %}{{ x }}{% endcard %}",
        "{% row title=x url=x kind=x due=x act_label=x act_url=x %}{{ x }}{% endrow %}",
        "{% work_row title=x url=x kind=x act_label=x select_value=x %}{{ x }}{% endwork_row %}",
        "{% badge x %}{% mark_stamp x %}{% due_chip text=x %}",
        "{% button x url=x hidden_words=x %}{% button x refused=x %}{% button x post=x value=x name=x %}",
        "{% note %}{{ x }}{% endnote %}{% empty x act_label=x act_url=x %}{% progress x poll_url=x %}",
        "{% facts_list pairs=pairs %}{% fact x x %}{% endfacts_list %}",
        "{% input x x value=x hint=x error=x note=x placeholder=x %}",
        "{% input x x value=x type='textarea' %}{% input x x type='select' options=pairs %}",
        "{% checkbox x x hint=x error=x %}",
        "{% pick x x pairs error=x %}{% endpick %}{% picker x x people hint=x error=x source_url=x %}",
        "{% confirm id='d' title=x action=x submit_label=x fact=x error=x reason=True %}{% endconfirm %}",
        "{% remark x x post=x when=x reason=x state='refused' %}{% endremark %}{% diff x '' %}",
        "{% verdict 'valid' x %}{{ x }}{% endverdict %}{% force_step 1 x who=x %}{{ x }}{% endforce_step %}",
        "{% thread_map nodes none %}{% timeline story %}{% life pairs3 %}",
        "{% table columns rows caption=x %}{% viewer pages title=x download_url=x %}{% endviewer %}",
        "{% toast x undo_url=x %}{% editor_field x x x error=x %}{% drop_zone x label=x hint=x %}",
        "{% tabs story x %}{% queue story x %}{% chips pairs1 %}{% form_check 1 2 faults remark=x %}",
    ],
)
def test_hostile_text_stays_text_in_every_component(source):
    html = render(
        source,
        x=HOSTILE,
        pairs=[(HOSTILE, HOSTILE)],
        pairs1=[HOSTILE],
        pairs3=[(HOSTILE, "now", HOSTILE)],
        people=[Person(HOSTILE, HOSTILE, HOSTILE, absent=HOSTILE)],
        nodes=[ThreadNode("k", HOSTILE, HOSTILE, url=HOSTILE)],
        none=[],
        story=[
            {"when": HOSTILE, "what": HOSTILE, "who": HOSTILE, "label": HOSTILE, "url": HOSTILE}
        ],
        columns=[
            Column("a", HOSTILE, "code"),
            Column("b", HOSTILE, "subject"),
            Column("c", HOSTILE),
        ],
        rows=[RegisterRow({"a": HOSTILE, "b": HOSTILE, "c": HOSTILE}, url=HOSTILE)],
        pages=[PagePicture(HOSTILE, 10, 10, HOSTILE, [SourceMark(HOSTILE, 0.1, 0.1, 0.1, 0.1)])],
        faults=[{"sentence": HOSTILE, "rule": HOSTILE, "place": HOSTILE, "fix_url": HOSTILE}],
    )
    page = Page(html)
    assert "alert" in html
    assert page.all("script") == []
    assert all("onerror" not in attrs for _, attrs in page.elements)


@pytest.mark.parametrize("slug", ["", *(specimen.slug for specimen in SPECIMENS)])
def test_each_gallery_page_has_no_inline_style_or_script_and_no_id_twice(slug):
    request = RequestFactory().get("/_ui/")
    response = component(request, slug) if slug else index(request)
    page = Page(response.content.decode())
    assert all("style" not in attrs for _, attrs in page.elements)
    assert all(not name.startswith("on") for _, attrs in page.elements for name in attrs)
    assert page.all("style") == []
    assert all("src" in attrs for attrs in page.all("script"))
    assert len(page.all("h1")) == 1
    assert len(page.ids) == len(set(page.ids))
    for _, attrs in page.elements:
        for name in ("aria-describedby", "aria-labelledby", "for", "popovertarget"):
            for target in (attrs.get(name) or "").split():
                assert target in page.ids, (slug, name, target)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
def test_an_error_page_says_what_happened_and_what_to_do(status):
    html = error(RequestFactory().get("/"), status).content.decode()
    sentence = next(one[2] for one in sample("error")["error_samples"] if one[0] == status)
    assert sentence in html
    assert f"Mã trả lời {status}" in html


def test_a_refused_button_stays_focusable_and_its_reason_is_tied_to_it():
    html = render(
        "{% button 'Ký' kind='force' refused=why %}", why="Chưa ký được: văn bản chưa duyệt."
    )
    button = Page(html).all("button")[0]
    assert button["aria-disabled"] == "true"
    assert button["type"] == "button"
    assert "disabled" not in button
    assert f'id="{button["aria-describedby"]}"' in html
    assert "Chưa ký được" in html


def test_a_refusal_of_a_rule_can_be_given_to_the_button_as_it_is():
    html = render(
        "{% button 'Cấp số' refused=why %}", why=RuleBroken("x", "Số chỉ cấp sau khi ký.")
    )
    assert "Số chỉ cấp sau khi ký." in html


def test_a_state_is_an_icon_and_a_word():
    html = render("{% badge state %}", state=Badge("Đã thu hồi", "late", "undo"))
    assert "badge--nguy" in html
    assert "<svg" in html
    assert "Đã thu hồi" in html


@pytest.mark.parametrize(
    "source",
    [
        "{% badge 'x' tone='purple' %}",
        "{% icon 'unicorn' %}",
        "{% button 'x' kind='huge' %}",
        "{% verdict 'fine' 'x' %}{% endverdict %}",
    ],
)
def test_a_word_outside_the_library_is_refused_at_once(source):
    with pytest.raises(InvalidInput):
        render(source)


def test_a_field_ties_label_hint_and_fault_to_its_input():
    form = LetterForm({"code": "", "issued_on": "31/02/2026"})
    html = render(
        "{% error_summary form %}{% for one in form %}{% field one %}{% endfor %}", form=form
    )
    page = Page(html)
    code = next(attrs for attrs in page.all("input") if attrs.get("name") == "code")
    assert code["aria-invalid"] == "true"
    assert code["aria-describedby"].split() == ["id_code_error", "id_code_helptext"]
    assert 'value="31/02/2026"' in html
    assert "Thiếu Số, ký hiệu." in html
    assert [attrs["href"] for attrs in page.all("a")] == ["#id_code", "#id_issued_on", "#id_lead"]
    assert len([attrs for attrs in page.all("input") if attrs.get("type") == "radio"]) == 2


def test_a_file_is_chosen_in_our_words_and_its_field_stays_the_one_that_is_pressed():
    class ListForm(OfficeForm):
        file = forms.FileField(label="Tệp .xlsx hoặc .csv")

    for html in (
        render("{% field form.file hint='Dòng đầu là tiêu đề' %}", form=ListForm({}, {})),
        render("{% input 'file' 'Phụ lục' type='file' error='Thiếu Phụ lục.' id='id_file' %}"),
    ):
        page = Page(html)
        (field,) = page.all("input")
        assert (field["type"], field["id"], field["aria-invalid"]) == ("file", "id_file", "true")
        assert "tabindex" not in field
        assert page.all("label") == [{"for": "id_file"}]
        inside = html[html.index("<nt-file>") : html.index("</nt-file>")]
        assert "<input" in inside
        assert "Chọn tệp" in inside
        assert "Chưa chọn tệp" in inside
        # Said by the field itself: a reader is not told twice.
        assert len([one for one in page.all("span") if one.get("aria-hidden") == "true"]) == 2


def test_lines_of_what_was_done_are_sheets_on_the_phone():
    lines = "<tbody><tr><td>Lúc</td></tr></tbody>"
    told = "{% plain_table 'Việc đã làm' record=True %}" + lines + "{% endplain_table %}"
    plain = "{% plain_table 'Góp ý' %}" + lines + "{% endplain_table %}"
    assert Page(render(told)).all("table") == [{"class": "plain-table record"}]
    assert Page(render(plain)).all("table") == [{"class": "plain-table"}]


def test_a_sound_form_has_no_summary():
    form = LetterForm({"code": "1", "issued_on": "23/11/2026", "lead": "a"})
    assert form.is_valid()
    assert render("{% error_summary form %}", form=form) == ""


@pytest.mark.parametrize(
    "typed", ["23/11/2026", "23-11-2026", "23.11.2026", "23112026", "2026-11-23"]
)
def test_a_date_may_be_typed_as_the_hand_knows_it(typed):
    assert OfficeDateField().clean(typed).isoformat() == "2026-11-23"


def test_every_post_form_carries_an_operation_of_its_own():
    html = render("{% form_head %}{% form_head %}")
    ids = re.findall(r'name="operation_id" value="([0-9a-f-]{36})"', html)
    assert len(set(ids)) == 2
    assert "csrfmiddlewaretoken" in html


def test_rare_filters_fold_away_and_a_choice_needs_no_button():
    html = render(
        "{% filter_bar label='Lọc' %}{% filter_more used=2 %}{% input 'ngay' 'Ngày' %}{% endfilter_more %}"
        "{% endfilter_bar %}"
    )
    assert " data-auto" in html
    assert "filter-go" in html
    assert re.search(r"<details class=\"filter-more\">.*2<span class=\"sr\"> đang dùng", html)
    kept = render("{% filter_bar label='Tìm' auto=False %}{% endfilter_bar %}")
    assert "data-auto" not in kept
    assert "filter-go" not in kept


def test_what_fits_on_one_page_has_no_paging():
    assert "Cũ hơn" not in render("{% pager summary='3 hồ sơ' %}")
    assert "đã ở đầu" in render("{% pager older_url='?trang=x' %}")


def test_a_void_number_is_struck_and_no_link():
    row = RegisterRow(
        {"code": "410-CV/TU", "state": Badge("Số bỏ", "neutral", "close")}, "/x/", True
    )
    html = render(
        "{% table columns rows caption='Sổ' %}",
        columns=[Column("code", "Số", "code"), Column("state", "Tình trạng", "state")],
        rows=[row],
    )
    assert "<s>410-CV/TU</s>" in html
    assert Page(html).all("a") == []


def test_a_column_not_shown_is_still_in_the_page_for_print():
    html = render(
        "{% table columns rows caption='Sổ' %}",
        columns=[Column("code", "Số", "code"), Column("keeper", "Người lưu", shown=False)],
        rows=[RegisterRow({"code": "1", "keeper": "Bùi Thị Nhạn"})],
    )
    assert html.count("col-off") == 2


def test_marks_are_placed_by_fractions_with_a_point_not_a_comma():
    page = PagePicture("/p.png", 595, 842, "", [SourceMark("code", 0.25, 0.5, 0.125, 0.02, True)])
    html = render("{% viewer pages title='a.pdf' %}{% endviewer %}", pages=[page])
    assert 'x="0.25" y="0.5" width="0.125" height="0.02"' in html


def test_a_late_due_says_so_in_words():
    html = render("{% due_chip due %}", due=Due(-1))
    assert "Quá hạn 1 ngày làm việc" in html
    assert "due--late" in html


def test_the_phone_bar_shows_four_entries_and_puts_the_rest_behind_more():
    entries = [
        {"label": f"Mục {n}", "url": f"/{n}/", "icon": "file", "current": n == 6} for n in range(7)
    ]
    html = render("{% side_nav entries %}", entries=entries)
    assert html.count('class="more-hide"') == 3
    assert 'popovertarget="them" aria-current="true"' in html


def test_the_shell_stands_without_any_context():
    page = Page(render("{% include 'ui/base.html' %}"))
    assert len(page.all("main")) == 1
    assert page.all("nav")[0]["aria-label"] == "Chính"
