"""Everything that is written about the data."""

from nhactruong.masterdata.catalogue.commands.counting import count_entries

__all__ = ["count_entries"]
