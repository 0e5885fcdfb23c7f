"""Files of lists for tests, who brings them in, and the way of one through the jobs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook

from nhactruong.foundation.files import store
from nhactruong.kernel.states import Role
from nhactruong.masterdata.importing import commands, handlers
from nhactruong.masterdata.importing.events import ListApproved, ListBroughtIn
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import KINDS, ListCode, headings_of
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SINCE, SmallOffice

PEOPLE, UNITS, AGENCIES = ListCode.PEOPLE, ListCode.UNITS, ListCode.AGENCIES


def person_row(code: str, name: str, **said: str) -> list[str]:
    """A row of the list of people, at Văn phòng Tỉnh ủy unless said otherwise."""
    row = {
        "person": code,
        "full_name": name,
        "agency": "A99.02",
        "title": "Chuyên viên",
        "since": "01/07/2025",
        **said,
    }
    return [row.get(key, "") for key in KINDS[PEOPLE].keys]


def csv_of(code: ListCode, rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> bytes:
    """A CSV file as office programs save it: marked UTF-8, line ends of Windows."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headings_of(KINDS[code]))
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(code: ListCode, rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook with the list on its first sheet."""
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    sheet.append(headings_of(KINDS[code]))
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def brought_in(
    office: SmallOffice, code: ListCode, content: bytes, *, by: str = "suong", agency: str = "vptu"
) -> ListImport:
    """The import of the file, not yet checked."""
    return commands.bring_in(
        office.actor(by),
        agency_id=office.agencies[agency].pk,
        list_code=code,
        stored=store.write([content]),
        media_type="text/csv",
        file_name="danh-sach.csv",
    )


def again(found: ListImport) -> ListImport:
    """The import as it stands now."""
    return ListImport.objects.get(pk=found.pk)


def checked(
    office: SmallOffice, code: ListCode, content: bytes, *, by: str = "suong", agency: str = "vptu"
) -> ListImport:
    """The import of the file, checked."""
    found = brought_in(office, code, content, by=by, agency=agency)
    handlers.check(ListBroughtIn(import_id=found.public_id))
    return again(found)


def written(office: SmallOffice, found: ListImport, *, by: str = "khue") -> ListImport:
    """The import approved by another and written."""
    commands.approve(office.actor(by), found.public_id, version=None)
    handlers.write(ListApproved(import_id=found.public_id))
    return again(found)


def faults_of(found: ListImport) -> Mapping[int, list[tuple[str, str]]]:
    """The faults by row: (column, sentence)."""
    rows = found.rows.filter(outcome="faulty").order_by("number")
    return {row.number: [(one[0], one[1]) for one in row.faults] for row in rows}


def also_leads(office: SmallOffice, person: str, unit: str) -> None:
    """The person is made head of one more unit of Văn phòng Tỉnh ủy."""
    vptu = office.agencies["vptu"]
    post = organization.create_post(
        FOUNDER, key=f"vptu.{person}-{unit}", agency=vptu, unit=office.units[unit],
        title="Phụ trách phòng", rank=70, roles=[(Role.HEAD_OF_DIVISION, vptu)], valid_from=SINCE,
    )  # fmt: skip
    organization.appoint(FOUNDER, office.people[person], post, since=SINCE, kind="concurrent")
