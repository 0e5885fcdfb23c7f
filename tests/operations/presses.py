"""A person who presses a button, loses the answer, and presses again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from nhactruong.foundation.persistence.models import OperationAnswer
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice

#: What a press may leave behind without doing anything: answers themselves, sessions.
_NOT_COUNTED = ("persistence_operationanswer", "django_session")

Answer = tuple[int, str, bytes]


@dataclass(frozen=True, slots=True)
class Press:
    """One POST as it was sent, and the answer it got."""

    person: str
    url: str
    fields: Mapping[str, Any]
    file: bytes
    answer: Answer


@dataclass(slots=True)
class Desks:
    """Everybody's browser, and all that was pressed, in order."""

    office: SmallOffice
    pressed: list[Press] = field(default_factory=list)
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """That person's browser, signed in."""
        if person not in self._clients:
            self._clients[person] = Client()
            self._clients[person].force_login(self.office.user(person))
        return self._clients[person]

    def press(self, person: str, url: str, *, file: bytes = b"", **fields: Any) -> str:
        """Where the answer leads; pressed again after its answer was lost, nothing else happens."""
        named = {"operation_id": str(uuid.uuid4()), **fields}
        answer = self._send(person, url, named, file)
        assert answer[0] in (200, 201, 303), (url, answer)
        press = Press(person, url, named, file, answer)
        self.pressed.append(press)
        self.again(press)
        return answer[1]

    def again(self, press: Press) -> None:
        """The same POST after the process died between the act and the keeping of its answer."""
        OperationAnswer.objects.filter(operation_id=press.fields["operation_id"]).delete()
        before = rows_of_every_table()
        assert self._send(press.person, press.url, press.fields, press.file) == press.answer
        assert rows_of_every_table() == before, press.url

    def _send(self, person: str, url: str, fields: Mapping[str, Any], file: bytes) -> Answer:
        files = {"files": SimpleUploadedFile("thu.pdf", file)} if file else {}
        got = self.client(person).post(url, {**fields, **files})
        kept = got.content if got.status_code == 201 else b""
        return got.status_code, got.headers.get("Location", ""), kept


def rows_of_every_table() -> dict[str, tuple[int, int]]:
    """Table → (rows, how often rows were written), so that no change goes unseen."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name not in _NOT_COUNTED
        ]
        counted = {}
        for name in tables:
            cursor.execute(
                f'SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{name}" t'  # noqa: S608  # names from the catalogue
            )
            counted[name] = tuple(cursor.fetchone())
        return counted
