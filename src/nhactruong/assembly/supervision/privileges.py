"""How PostgreSQL is run by whom: it refuses to be root, and we may well be."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nhactruong.assembly.supervision.children import dying_with_parent, system_tool
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """The command prefix PostgreSQL runs behind, and who must own its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int
    how: str

    def take_over(self, folder: Path) -> None:
        """Give `folder` and all in it to the server's user; nothing happens when it has them.

        Raises: Refusal (`STATE_FOLDER_UNUSABLE`) when the folder is another user's.
        """
        if folder.stat().st_uid == self.uid:
            return
        if os.getuid() != 0:
            raise Refusal(
                ExitCode.STATE_FOLDER_UNUSABLE,
                "operator.cluster_of_another_user",
                "Thư mục cơ sở dữ liệu %(folder)s thuộc tài khoản khác (uid %(uid)s); hãy chạy "
                "bằng tài khoản ấy hoặc đặt NHACTRUONG_VAR sang thư mục khác.",
                folder=folder,
                uid=folder.stat().st_uid,
            )
        for parent, _, files in os.walk(folder):
            os.chown(parent, self.uid, self.gid)
            for file in files:
                os.chown(Path(parent, file), self.uid, self.gid, follow_symlinks=False)


@cache
def server_identity() -> ServerIdentity:
    """The first way that works here: as ourselves, in a user namespace, as another user.

    Raises: Refusal (`POSTGRES_FAILED`) for a root that may not become anybody else.
    """
    dying = tuple(dying_with_parent(signal.SIGINT))
    if os.getuid() != 0:
        return ServerIdentity(dying, os.getuid(), os.getgid(), "plain user")
    unshare = system_tool("unshare")
    if unshare:
        # Root of the machine stays the owner of the files; only the server sees itself as nobody.
        # The death signal is asked for inside, because entering the namespace clears it.
        namespace = (unshare, "--user", "--map-user=65534", "--map-group=65534", "--")
        if _works((*namespace, *dying)):
            return ServerIdentity((*namespace, *dying), 0, 0, "user namespace")
    setpriv = system_tool("setpriv")
    if setpriv:
        user = _unprivileged_user()
        # dac_override lets the server reach binaries and data below a folder closed to all but
        # root; it is still far less than root.
        other = (
            *(setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"),
            *("--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"),
            *("--pdeathsig", "INT", "--"),
        )
        if _works(other):
            return ServerIdentity(other, user.pw_uid, user.pw_gid, f"user {user.pw_name}")
    raise Refusal(
        ExitCode.POSTGRES_FAILED,
        "operator.root_only",
        "PostgreSQL không chạy bằng tài khoản root và máy này không cho đổi sang tài khoản khác; "
        "hãy chạy bằng một tài khoản thường hoặc đặt DATABASE_URL tới máy chủ có sẵn.",
    )


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", "/bin/false"))


def _works(prefix: tuple[str, ...]) -> bool:
    outcome = subprocess.run(
        [*prefix, "/bin/true"], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    return outcome.returncode == 0
