"""Shared fixtures of the extraction tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from nhactruong.records.extraction.tests import sample_letters as samples


@pytest.fixture
def report_pdf(tmp_path: Path) -> Path:
    return samples.text_pdf(samples.REPORT, tmp_path / "bao-cao.pdf")


@pytest.fixture
def report_docx(tmp_path: Path) -> Path:
    return samples.word_file(samples.REPORT, tmp_path / "bao-cao.docx")
