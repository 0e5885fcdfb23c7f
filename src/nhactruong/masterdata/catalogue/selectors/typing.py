"""Whether what somebody typed was there already, and the numbers of the once-only page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.search.rules import asked_code
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.catalogue.models import EntryCount
from nhactruong.masterdata.organization.models import Agency, Organ, Person


def known_texts(actor: Actor, texts: Collection[str], codes: Collection[str]) -> frozenset[str]:
    """Those of `texts` that name an agency, an organ or a person, and those of `codes` that are
    the number and symbol of a document the actor may see: never of one that is another's.
    """
    found: set[str] = set()
    if texts:
        wanted = list(texts)
        agencies = Agency.objects.filter(Q(name__in=wanted) | Q(short_name__in=wanted))
        for full, short in agencies.values_list("name", "short_name"):
            found.update({full, short} & set(wanted))
        organs = Organ.objects.filter(name__in=wanted).values_list("name", flat=True)
        people = Person.objects.filter(full_name__in=wanted).values_list("full_name", flat=True)
        found.update(organs.union(people))
    keys = {key: text for text in codes if (key := asked_code(text))}
    if keys:
        cards = search.recent(actor).filter(code__in=list(keys))
        found.update(keys[code] for code in cards.values_list("code", flat=True).distinct())
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sums over sent fields."""

    sent: int = 0
    filled: int = 0
    corrected: int = 0
    by_hand: int = 0
    retyped: int = 0


_SUMS = {name: Sum(name) for name in ("sent", "filled", "corrected", "by_hand", "retyped")}


def numbers_by_field(since: date) -> Mapping[tuple[str, str], Numbers]:
    """(form, field) → the sums from that month on."""
    rows = EntryCount.objects.filter(month__gte=since).values("form", "field").annotate(**_SUMS)
    return {
        (form, field): Numbers(*sums)
        for form, field, *sums in rows.values_list("form", "field", *_SUMS)
    }


def numbers_by_month(form: str = "") -> Sequence[tuple[date, Numbers]]:
    """The months that have numbers, the latest twelve, oldest first; of one form or of all."""
    rows = EntryCount.objects.filter(form=form) if form else EntryCount.objects.all()
    months = rows.values("month").annotate(**_SUMS).order_by("-month")
    found = months.values_list("month", *_SUMS)[:12]
    return [(month, Numbers(*sums)) for month, *sums in found][::-1]
