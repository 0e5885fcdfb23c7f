"""What must not be in the repository, whoever writes it."""

from __future__ import annotations

import ast
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 2 * 1_000_000

#: Paths and names of one workplace. Spelt in parts, so that this file may be looked at too.
WORKPLACE = re.compile(
    "|".join(
        (
            *("/wo" + "rk/", "far" + "m-", "/opt/" + "pypi", "/opt/" + "wheels"),
            *("/ro" + r"ot/\w", "/ho" + r"me/\w", "/t" + "mp/(?!nhactruong)[a-z]"),
        )
    )
)
#: A reminder names the issue that will settle it.
REMINDER = re.compile("(?:" + "TO" + "DO|FIX" + "ME|XX" + r"X)\b(?!\(#\d+\))")

#: Words that no Vietnamese sentence has; names, file kinds and norms are allowed beside them.
ENGLISH = re.compile(
    r"\b(the|and|with|from|your|please|this|that|not|are|you|file|click|here|error|"
    r"failed|invalid|must|cannot|loading|submit|cancel|delete|save|search|login|logout)\b",
    re.IGNORECASE,
)
#: Parts of a template that are code, not words: tags, comments, attributes, scripts, code, keys.
NOT_WORDS = re.compile(
    r"{#.*?#}|{% ?comment ?%}.*?{% ?endcomment ?%}|{%.*?%}|{{.*?}}|<!--.*?-->"
    r"|<(?:script|style|code|kbd|pre)\b.*?</(?:script|style|code|kbd|pre)>|<[^>]*>",
    re.DOTALL,
)
SAID_IN_TAGS = re.compile(r"""(?:label|title|alt|placeholder|hint|lead|heading)=(["'])(.*?)\1""")
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạèẻẽéẹìỉĩíịòỏõóọùủũúụỳỷỹýỵ]", re.IGNORECASE)


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """(name, text) of every text file that we write ourselves."""
    for name in tracked():
        if name.startswith(("vendor/", "tests/vendor/")) or name == "uv.lock":
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" in content[:8_000] or name.endswith((".woff2", ".ttf")):
            continue
        yield name, content.decode("utf-8")


def lines_with(pattern: re.Pattern[str], *, but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:90]}"
        for name, text in texts()
        if name not in but
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_the_workplace_it_was_made_in() -> None:
    assert lines_with(WORKPLACE) == []
    assert WORKPLACE.search((ROOT / "uv.lock").read_text(encoding="utf-8")) is None


def test_the_lock_file_names_public_registries_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_no_file_is_too_large_for_a_repository() -> None:
    large = [name for name in tracked() if (ROOT / name).stat().st_size > MOST_BYTES]
    assert large == []


def test_every_text_is_in_normal_form_c() -> None:
    assert [n for n, text in texts() if not unicodedata.is_normalized("NFC", text)] == []


def test_no_merge_was_left_half_done() -> None:
    half = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert lines_with(half) == []


def test_no_reminder_without_its_issue() -> None:
    assert lines_with(REMINDER) == []


def words_on_screen(template: str) -> Iterator[str]:
    """The pieces of text of a template that a person reads."""
    for found in SAID_IN_TAGS.finditer(template):
        yield found[2]
    yield from (piece.strip() for piece in NOT_WORDS.split(template) if piece.strip())


@pytest.mark.parametrize(
    ("template", "is_english"),
    [
        ("<p>Please save the file.</p>", True),
        ("{% button 'x' title=\"Delete this\" %}", True),
        ("<p>Đồng chí lưu tệp <code>the file</code>.</p>{# not words #}", False),
        ("<p>Tệp PDF theo chuẩn PAdES</p>", False),
    ],
)
def test_the_eye_for_english_words(template: str, is_english: bool) -> None:
    assert any(ENGLISH.search(piece) for piece in words_on_screen(template)) is is_english


def test_pages_speak_vietnamese_only() -> None:
    foreign = [
        f"{name}: {piece[:90]}"
        for name, text in texts()
        if name.endswith(".html") and "/tests/" not in name
        for piece in words_on_screen(text)
        if ENGLISH.search(piece)
    ]
    assert foreign == []


def sentences_in(source: str) -> Iterator[str]:
    """String literals of a module that are sentences for people; docstrings are for us."""
    tree = ast.parse(source)
    ours = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ours:
            yield node.value


def test_sentences_are_not_half_english() -> None:
    mixed = [
        f"{name}: {sentence[:90]}"
        for name, text in texts()
        if name.startswith("src/") and name.endswith(".py") and "/tests/" not in name
        for sentence in sentences_in(text)
        if VIETNAMESE.search(sentence)
        and ENGLISH.search(re.sub(r"%\(\w+\)s|`[^`]*`", "", sentence))
    ]
    assert mixed == []


def test_nobody_is_addressed_wrongly() -> None:
    """The office says “đồng chí”; nothing is shouted and nothing begged for."""
    wrong = re.compile(r"\b(?:bạn|vui lòng|xin hãy)\b|[^\W\d_]!(?:\s|$)", re.IGNORECASE)
    found = [
        f"{name}: {piece[:90]}"
        for name, text in texts()
        if name.startswith("src/") and "/tests/" not in name and "/engine/" not in name
        for piece in (
            words_on_screen(text)
            if name.endswith(".html")
            else sentences_in(text)
            if name.endswith(".py")
            else ()
        )
        if VIETNAMESE.search(piece) and wrong.search(piece)
    ]
    assert found == []
