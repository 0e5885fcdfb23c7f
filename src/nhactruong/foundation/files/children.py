"""What binds a child process that parses files from outside, and what it may know.

The child gets no secrets: an environment of its own, a bound on memory, CPU time, open files and
on what it may write.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Mapping


def child_environment() -> Mapping[str, str]:
    """The environment of such a child: the way to our modules and nothing of ours."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        # One arena: with a bound on address space every further one costs 64 MB of it.
        "MALLOC_ARENA_MAX": "1",
    }


def bind(memory_bytes: int, seconds: int, file_bytes: int) -> None:
    """Bind this process: memory, CPU seconds, and the bytes of any file it writes."""
    for which, bound in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(which, (bound, bound))
