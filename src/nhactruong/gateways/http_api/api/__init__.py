"""Operations that belong to no single app: who I am, search, the directory and its changes."""

from __future__ import annotations

from nhactruong.gateways.http_api.api.changes import router as changes
from nhactruong.gateways.http_api.api.common import router as common
from nhactruong.gateways.http_api.api.directory import router as directory
from nhactruong.gateways.http_api.api.lists import router as code_lists
from nhactruong.gateways.http_api.api.taking_in import router as taking_in

__all__ = ["changes", "code_lists", "common", "directory", "taking_in"]
