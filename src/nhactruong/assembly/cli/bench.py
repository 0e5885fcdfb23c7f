"""`nhactruong bench`: a large office made, and the promised numbers measured on it."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from nhactruong.assembly.bench import installing
from nhactruong.assembly.cli.django_door import open_django
from nhactruong.assembly.cli.up import say
from nhactruong.assembly.cli.vietnamese import VietnameseParser
from nhactruong.assembly.environment import PROJECT_ROOT
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

if TYPE_CHECKING:
    from nhactruong.assembly.bench.growth import Growth
    from nhactruong.assembly.bench.measuring import Measured

_DOCUMENTS: Final = 100_000
_ROWS: Final = 1_000_000
_SHORT_SECONDS: Final = 60.0
_FULL_SECONDS: Final = 300.0
_RATE: Final = 20.0
_SMALLER: Final = 10
_ROUNDS: Final = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`generate`, `run`; alone: both, the short way, and the table on the screen."""
    _sized(parser)
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(act="", seconds=_SHORT_SECONDS, rate=_RATE, growth=False, pages=False)
    parser.epilog = (
        "Không kèm VIỆC: nạp nếu chưa có, đo bản ngắn (60 giây), in bảng; không ghi docs.\n"
        "Bản đầy đủ: nhactruong bench generate --documents 100000 && "
        "nhactruong bench run --growth"
    )
    acts = parser.add_subparsers(
        dest="act", metavar="VIỆC", parser_class=VietnameseParser, title="Việc"
    )
    generate = acts.add_parser("generate", help="nạp một văn phòng lớn vào cơ sở dữ liệu trống")
    _sized(generate)
    generate.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    serve = acts.add_parser(
        "serve", help="mở văn phòng đo cho tiến trình khác, tới khi đóng đầu vào"
    )
    _sized(serve)
    run_ = acts.add_parser("run", help="đo các con số đã hứa, ghi docs/performance.md")
    _sized(run_)
    run_.add_argument("--seconds", type=float, default=_FULL_SECONDS, help="thời gian chạy tải")
    run_.add_argument("--rate", type=float, default=_RATE, help="yêu cầu mỗi giây")
    run_.add_argument("--growth", action="store_true", help="đo thêm văn phòng nhỏ bằng 1/10")
    run_.add_argument("--pages", action="store_true", help="chỉ đo từng trang, không ghi docs")
    run_.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    lists = acts.add_parser(
        "lists",
        help="chỉ đo việc đọc danh sách, hộp việc, tìm kiếm theo quyền, kèm kế hoạch truy vấn",
    )
    _sized(lists)
    lists.add_argument("--rounds", type=int, default=_ROUNDS, help="số lần mỗi phép đo (200)")
    lists.add_argument("--write", action="store_true", help="ghi docs/performance/lists.md")
    lists.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    directory = acts.add_parser(
        "directory", help="nạp danh bạ lớn (người, chức danh, đơn vị) và đo việc tra cứu"
    )
    directory.add_argument(
        "--rows", type=int, default=_ROWS, metavar="N", help="số dòng danh bạ (1000000)"
    )
    directory.add_argument("--rounds", type=int, default=_ROUNDS, help="số lần mỗi phép đo (200)")
    directory.add_argument("--write", action="store_true", help="ghi docs/performance/directory.md")
    directory.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    numbers = acts.add_parser("numbers", help="chỉ đo cấp số: 8 văn thư cùng lúc, lấy trung vị")
    _sized(numbers)
    numbers.add_argument("--runs", type=int, default=3, help="số lần đo (3)")
    numbers.add_argument("--each", type=int, default=2000, help="số văn bản mỗi lần (2000)")
    numbers.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def _sized(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--documents", type=int, default=_DOCUMENTS, metavar="N", help="số văn bản (100000)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do the act asked for."""
    if arguments.act == "directory":
        return _directory(arguments, _silent if arguments.json else say)
    installation = installing.installation_of(arguments.documents)
    tell = _silent if arguments.json else say
    if arguments.act == "generate":
        return _generate(installation, arguments, tell)
    if arguments.act == "serve":
        return _serve(installation, arguments)
    if arguments.act == "lists":
        return _lists(installation, arguments, tell)
    if arguments.act == "numbers":
        return _numbers(installation, arguments, tell)
    return _measure(installation, arguments, tell)


def _silent(line: str) -> None:
    del line


def _generate(installation: Installation, arguments: argparse.Namespace, tell: Any) -> int:
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        _fill(arguments.documents, tell, as_json=arguments.json)
    return ExitCode.DONE


def _fill(documents: int, tell: Any, *, as_json: bool = False) -> None:
    from nhactruong.assembly.bench.filling import fill

    made = fill(documents, tell)
    if as_json:
        told = dataclasses.asdict(made) | {"documents_per_second": made.documents_per_second}
        print(json.dumps(told, indent=2))
    tell(
        f"Đã nạp {made.documents} văn bản ({made.rows} dòng) trong {made.load_seconds:.1f} giây, "
        f"{made.documents_per_second:.0f} văn bản/giây; lập cơ quan {made.office_seconds:.1f} giây, "
        f"{made.papers} mẫu PDF {made.papers_seconds:.1f} giây"
    )


def _measure(
    installation: Installation,
    arguments: argparse.Namespace,
    tell: Any,
) -> int:
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        _require_filled(arguments, tell)
        from nhactruong.assembly.bench import measuring, report
        from nhactruong.kernel import clock

        with installing.served(installation, environment):
            if arguments.pages:
                found = measuring.measure_pages(installation, rounds=100)
            else:
                effort = measuring.Effort.of(arguments.seconds, arguments.rate)
                found = measuring.measure(installation, environment, effort, tell)
            if arguments.growth:
                found = dataclasses.replace(found, growth=_growth(installation, arguments, tell))
        facts = {
            "on": f"{clock.today():%Y-%m-%d}",
            "where": report.machine(),
            "command": _command(arguments),
        }
        _tell(found, arguments, facts)
    return ExitCode.DONE


def _require_filled(arguments: argparse.Namespace, tell: Any) -> None:
    from nhactruong.records.documents.models import Document

    if Document.objects.exists():
        return
    if arguments.act == "run" and not arguments.pages:
        raise Refusal(
            ExitCode.FAILED,
            "bench.empty",
            "Chưa có dữ liệu đo; hãy chạy `nhactruong bench generate --documents %(count)s` trước.",
            count=arguments.documents,
        )
    _fill(arguments.documents, tell)


def _tell(found: Measured, arguments: argparse.Namespace, facts: dict[str, str]) -> None:
    from nhactruong.assembly.bench import report

    if arguments.json:
        print(json.dumps(report.as_json(found, **facts), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.table(report.promises(found))))
        print(facts["where"])
    if arguments.act == "run" and not arguments.pages:
        target = PROJECT_ROOT / "docs" / "performance.md"
        target.write_text(report.page(found, **facts), encoding="utf-8")


def _lists(installation: Installation, arguments: argparse.Namespace, tell: Any) -> int:
    """What lists read for sixteen people, with the plans."""
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        _require_filled(arguments, tell)
        from nhactruong.assembly.bench import alone, report
        from nhactruong.kernel import clock

        documents, found = alone.measure_reads(arguments.rounds)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(one) for one in found], indent=2))
    for line in report.reading_lines(found):
        tell(line)
    if arguments.write:
        _write_page(
            "lists.md",
            report.lists_page(
                found,
                documents,
                on=f"{clock.today():%Y-%m-%d}",
                where=report.machine(),
                asked=arguments.documents,
            ),
        )
    return ExitCode.DONE


def _write_page(name: str, text: str) -> None:
    target = PROJECT_ROOT / "docs" / "performance" / name
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _directory(arguments: argparse.Namespace, tell: Any) -> int:
    """The large directory made once, then read."""
    usual = installing.installation_of(arguments.rows)
    installation = dataclasses.replace(
        usual, var=usual.var.with_name(f"directory-{arguments.rows}")
    )
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        from nhactruong.assembly.bench import directory, report
        from nhactruong.kernel import clock

        if not directory.is_filled():
            seconds = directory.fill(arguments.rows, tell)
            tell(f"Đã nạp {arguments.rows} dòng danh bạ trong {seconds:.1f} giây")
        found = directory.measure(arguments.rounds)
    if arguments.json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2))
    for line in report.reading_lines(found.readings):
        tell(line)
    if arguments.write:
        page = report.directory_page(
            found, on=f"{clock.today():%Y-%m-%d}", where=report.machine(), rows=arguments.rows
        )
        _write_page("directory.md", page)
    return ExitCode.DONE


def _numbers(installation: Installation, arguments: argparse.Namespace, tell: Any) -> int:
    """Numbers alone, spread over all series and from one; every run and the median."""
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        _require_filled(arguments, tell)
        from nhactruong.assembly.bench import measuring, report

        found = measuring.measure_numbers(environment, runs=arguments.runs, each=arguments.each)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(one) for one in found], indent=2))
    for line in report.number_lines(found):
        tell(line)
    return ExitCode.DONE


def _serve(installation: Installation, arguments: argparse.Namespace) -> int:
    """The office answers until whoever started this closes the input."""
    with installing.opened(installation) as environment:
        open_django(installing.as_owner(environment))
        from nhactruong.records.documents.models import Document

        if not Document.objects.exists():
            _fill(arguments.documents, _silent)
        from nhactruong.assembly.bench import measuring

        with installing.served(installation, environment):
            print(measuring.serve(installation, _ROUNDS).to_json(), flush=True)
            sys.stdin.read()
    return ExitCode.DONE


def _growth(installation: Installation, arguments: argparse.Namespace, tell: Any) -> Growth:
    from nhactruong.assembly.bench import growth, measuring

    documents = arguments.documents // _SMALLER
    tell(f"Đo xen kẽ với văn phòng {documents} văn bản để so mức tăng")
    large = measuring.serve(installation, _ROUNDS)
    with growth.small_office(documents, installation.var.parent.parent) as small:
        return growth.compare(small, large)


def _command(arguments: argparse.Namespace) -> str:
    words = f"nhactruong bench run --documents {arguments.documents}"
    words += f" --seconds {arguments.seconds:g} --rate {arguments.rate:g}"
    return words + (" --growth" if arguments.growth else "")
