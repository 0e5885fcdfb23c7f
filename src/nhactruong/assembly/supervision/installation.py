"""Where one installation keeps its state and how it is reached, read from the environment."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

ENVIRONMENTS: Final = ("sample", "production", "test")
DEFAULT_BIND: Final = "127.0.0.1:8000"

#: No upload is written for so long.
_UNFINISHED_SECONDS: Final = 86_400
_CHECKOUT: Final = Path(__file__).resolve().parents[4]


@dataclass(frozen=True, slots=True)
class Installation:
    """One state folder with its address and its database; `database_url` None means embedded."""

    var: Path
    host: str
    port: int
    env: str
    database_url: str | None
    owner_url: str | None

    @property
    def is_embedded(self) -> bool:
        """Whether PostgreSQL is started by us under the state folder."""
        return self.database_url is None

    @property
    def cluster_folder(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.var / "pg"

    @property
    def log_folder(self) -> Path:
        """The folder of the logs of every child."""
        return self.var / "log"

    @property
    def run_folder(self) -> Path:
        """The folder of locks, stamps and sockets; may be emptied while nothing runs."""
        return self.var / "run"

    @property
    def temporary_folder(self) -> Path:
        """The folder of uploads under way and of other unfinished files; emptied at each start."""
        return self.run_folder / "tmp"

    @property
    def bind(self) -> str:
        """The address listened on, as `NHACTRUONG_BIND` would say it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """What a person on this machine types into the browser."""
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (read, not bound)
        host = anywhere.get(self.host) or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{host}:{self.port}/"

    def prepare_folders(self) -> None:
        """Create the state folder, closed to other users of the machine.

        Raises: Refusal (`STATE_FOLDER_UNUSABLE`).
        """
        try:
            for folder in (self.var, self.log_folder, self.run_folder, self.temporary_folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.run_folder / f"probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise Refusal(
                ExitCode.STATE_FOLDER_UNUSABLE,
                "operator.state_folder_unusable",
                "Không ghi được vào thư mục dữ liệu %(var)s (%(reason)s); hãy cấp quyền ghi cho "
                "tài khoản đang chạy hoặc đặt NHACTRUONG_VAR sang thư mục khác.",
                var=self.var,
                reason=error.strerror,
            ) from error

    def clear_unfinished(self) -> None:
        """Throw away what an earlier run left half-made: nothing of ours runs now.

        The file store may be shared with another machine at work, so only old pieces go there.
        """
        shutil.rmtree(self.temporary_folder, ignore_errors=True)
        self.temporary_folder.mkdir(mode=0o700, exist_ok=True)
        old = time.time() - _UNFINISHED_SECONDS
        for piece in (self.var / "files" / "incoming").glob("*"):
            if piece.stat().st_mtime < old:
                piece.unlink()

    def environment(self, *, database_url: str, owner_url: str | None) -> dict[str, str]:
        """The environment a child gets: the caller's, with every setting said outright."""
        environment = dict(os.environ)
        environment.update(
            NHACTRUONG_VAR=str(self.var),
            TMPDIR=str(self.temporary_folder),
            NHACTRUONG_BIND=self.bind,
            NHACTRUONG_ENV=self.env,
            DATABASE_URL=database_url,
            PYTHONUNBUFFERED="1",
        )
        if owner_url is not None:
            environment["DATABASE_OWNER_URL"] = owner_url
        return environment


def from_environ(environ: Mapping[str, str]) -> Installation:
    """The installation these variables describe.

    Raises: Refusal (`SETTING_INVALID`) for a value that cannot be meant.
    """
    env = environ.get("NHACTRUONG_ENV") or "sample"
    if env not in ENVIRONMENTS:
        raise _invalid("NHACTRUONG_ENV", env, "một trong: " + ", ".join(ENVIRONMENTS))
    host, port = _bind(environ.get("NHACTRUONG_BIND") or DEFAULT_BIND)
    home = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else Path.cwd()
    database_url = environ.get("DATABASE_URL") or None
    owner_url = environ.get("DATABASE_OWNER_URL") or None
    for name, url in (("DATABASE_URL", database_url), ("DATABASE_OWNER_URL", owner_url)):
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            # The value itself may hold a password, so it is not repeated.
            raise _invalid(name, "…", "một địa chỉ dạng postgresql://người-dùng@máy-chủ/tên-kho")
    return Installation(
        var=Path(environ.get("NHACTRUONG_VAR") or home / "var").expanduser().absolute(),
        host=host,
        port=port,
        env=env,
        database_url=database_url,
        owner_url=owner_url if database_url is not None else None,
    )


def _bind(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise _invalid("NHACTRUONG_BIND", text, "địa chỉ:cổng, ví dụ 127.0.0.1:8000")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _invalid(name: str, value: str, expected: str) -> Refusal:
    return Refusal(
        ExitCode.SETTING_INVALID,
        "operator.setting_invalid",
        "Biến môi trường %(name)s đang là “%(value)s”, chương trình không hiểu; hãy đặt lại "
        "thành %(expected)s.",
        name=name,
        value=value,
        expected=expected,
    )
