"""Everything that is written about the data."""

from nhactruong.masterdata.catalogue.commands.counting import count_entries
from nhactruong.masterdata.catalogue.commands.personal import note_correction
from nhactruong.masterdata.catalogue.commands.quality import read_quality

__all__ = ["count_entries", "note_correction", "read_quality"]
