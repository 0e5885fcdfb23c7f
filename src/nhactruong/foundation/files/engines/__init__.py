"""Where stored bytes lie: a folder of this machine, or a bucket. No Django in here.

Doors: `engine_for`, `port.Engine`.
"""

from __future__ import annotations

from pathlib import Path

from nhactruong.foundation.files.engines.folder import FolderEngine
from nhactruong.foundation.files.engines.port import Engine


def engine_for(location: str, folder: Path) -> Engine:
    """The engine `NHACTRUONG_FILES` names: `s3://bucket/prefix`, or "" for the folder.

    Raises: ValueError for another address, ImportError when the extra `s3` is not installed.
    """
    if not location:
        return FolderEngine(folder)
    from nhactruong.foundation.files.engines.bucket import BucketEngine

    return BucketEngine.at(location)
