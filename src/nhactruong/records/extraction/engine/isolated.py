"""Risky parsing in a child process that may crash, hang or swell without harming the caller.

The child gets no secrets: an environment of its own, no inherited files, a bound on memory,
CPU time and what it may write. Answers are JSON, never pickles: a taken-over child cannot
make the parent run anything.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any, Final

from nhactruong.foundation.files.children import bind, child_environment
from nhactruong.kernel.errors import InvalidInput

#: The only functions a child will run. Arguments and results must be JSON.
_FUNCTIONS: Final[Mapping[str, str]] = {
    "inspect_pdf": "nhactruong.records.extraction.engine.inspection_child:inspect_pdf",
    "inspect_docx": "nhactruong.records.extraction.engine.inspection_child:inspect_docx",
    "inspect_picture": "nhactruong.records.extraction.engine.inspection_child:inspect_picture",
    "read_pdf": "nhactruong.records.extraction.engine.page_reading:read_pdf",
    "read_picture": "nhactruong.records.extraction.engine.page_reading:read_picture",
    "read_docx": "nhactruong.records.extraction.engine.docx_text:read_docx",
    "render_page": "nhactruong.records.extraction.engine.drawing:render_page",
}
_MAX_ANSWER_BYTES: Final = 128 * 1024 * 1024
#: Loading libraries on a busy machine is not the file's fault.
_START_SECONDS: Final = 5
BROKEN: Final = (
    "Tệp bị hỏng hoặc không đúng chuẩn nên không mở được. "
    "Đồng chí đề nghị nơi gửi gửi lại bản khác."
)


def run_isolated(
    function_name: str, *args: Any, memory_bytes: int = 512 * 1024 * 1024, seconds: int = 30
) -> Any:
    """The JSON answer of a listed function, run in a child process.

    Raises: InvalidInput as the function raised it; `file.broken` when the child crashed, ran out
    of memory or of time. KeyError for a function that is not listed.
    """
    request = {
        "target": _FUNCTIONS[function_name],
        "args": args,
        "memory_bytes": memory_bytes,
        "seconds": seconds,
    }
    with tempfile.TemporaryFile() as answer:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,
        )
        try:
            child.communicate(json.dumps(request).encode(), timeout=seconds + _START_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise InvalidInput("file.broken", BROKEN, reason="timeout") from None
        if child.returncode != 0 or answer.tell() > _MAX_ANSWER_BYTES:
            raise InvalidInput("file.broken", BROKEN, reason=f"exit {child.returncode}")
        answer.seek(0)
        try:
            reply = json.load(answer)
        except ValueError:
            raise InvalidInput("file.broken", BROKEN, reason="no answer") from None
    if "refused" in reply:
        refusal = reply["refused"]
        raise InvalidInput(str(refusal["code"]), str(refusal["message"]), **refusal["facts"])
    return reply["result"]


def main() -> None:
    """Run one request from standard input and write its JSON answer to standard output."""
    request = json.load(sys.stdin)
    # C libraries write warnings to file descriptor 1; the answer keeps a channel of its own.
    channel = os.dup(1)
    os.dup2(2, 1)
    bind(request["memory_bytes"], request["seconds"], _MAX_ANSWER_BYTES)
    module_name, _, name = request["target"].partition(":")
    function = getattr(importlib.import_module(module_name), name)
    reply: dict[str, Any]
    try:
        reply = {"result": function(*request["args"])}
    except InvalidInput as refusal:
        reply = {
            "refused": {
                "code": refusal.code,
                "message": refusal.template,
                "facts": refusal.facts,
            }
        }
    with os.fdopen(channel, "w", encoding="utf-8") as out:
        json.dump(reply, out, ensure_ascii=False)
    # Libraries full of hostile bytes need not be taken down in order.
    os._exit(0)


if __name__ == "__main__":
    main()
