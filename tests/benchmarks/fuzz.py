"""Do any bytes break a reader of files? `python -m tests.benchmarks.fuzz [--minutes 10] [--reader csv]`.

Coverage-guided (atheris, libFuzzer): bytes are changed at random, and those that reach code no others reached
are changed further. Of each reader of `tests.support.readers` the time is an equal share. A finding is any
error that is not the product's own, a row taken otherwise than it reads, more than 1.5 GB or 25 seconds. The
bytes of a finding are kept in the folder named, and the search of that reader ends. Exit 1 on any finding.
It needs atheris: `pip install -e ".[fuzz]" -c constraints.txt`.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NAMES: Final = ("csv", "xlsx", "mapping", "scale", "statement", "sheet")
INSTRUMENTED: Final = (
    *(
        "models.exchange",
        "models.scales",
        "models.access",
        "models.tables",
        "models.outcomes.question.document",
    ),
    *("dashboard.cli.claim.verifying", "openpyxl", "tomllib", "csv"),
)
MEGABYTES: Final = 1_500
SECONDS: Final = 25
LONGEST: Final = 20_000
"""Bytes of an input."""


class Search(NamedTuple):
    """How far a search came, and the end of what it said when it found something."""

    reader: str
    executions: int
    coverage: int
    kept: int
    finding: str


def searched(reader: str, seconds: int, findings: Path) -> Search:
    """Search one reader in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.fuzz", "--within", reader, str(seconds), str(findings)]
    done = subprocess.run(command, check=False, stderr=subprocess.STDOUT, stdout=subprocess.PIPE)
    said = done.stdout.decode("utf-8", "replace")
    units = re.findall(r"number_of_executed_units:\s*(\d+)", said) or re.findall(
        r"^#(\d+)", said, re.MULTILINE
    )
    covered = re.findall(r"cov: (\d+)", said) or ["0"]
    kept = re.findall(r"corp: (\d+)", said) or ["0"]
    spoken = [line for line in said.splitlines() if not line.startswith("#")]
    finding = "\n".join(spoken[-40:]) if done.returncode else ""
    return Search(reader, int((units or ["0"])[-1]), int(covered[-1]), int(kept[-1]), finding)


def search(reader: str, seconds: int, findings: Path) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - only those who search have it

    with atheris.instrument_imports(include=list(INSTRUMENTED), enable_loader_override=False):
        from tests.support.readers import READERS  # noqa: PLC0415 - instrumented as it is imported
    chosen = READERS[reader]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(chosen.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [
            *(f"-max_total_time={seconds}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}"),
            *(f"-max_len={LONGEST}", "-print_final_stats=1", "-seed=70"),
            f"-artifact_prefix={findings}/{reader}-",
        ]
        changed = {"custom_mutator": _change_inside} if reader == "xlsx" else {}
        atheris.Setup([sys.argv[0], *options, corpus], chosen.take, **changed)
        atheris.Fuzz()


def _change_inside(content: bytes, longest: int, seed: int) -> bytes:
    """A workbook one of whose parts is changed: a byte of the zip itself would fail its checksum."""
    import atheris  # noqa: PLC0415

    dice = random.Random(seed)  # noqa: S311 - libFuzzer's own seed
    parts: dict[str, bytes] = {}
    with suppress(Exception), ZipFile(BytesIO(content)) as archive:  # whatever is wrong with it
        parts = {name: archive.read(name) for name in archive.namelist()}
    if not parts or dice.random() < 0.05:
        return bytes(atheris.Mutate(content, longest))
    sheets = [name for name in parts if name.startswith("xl/worksheets/") or "shared" in name]
    chosen = dice.choice(sheets if sheets and dice.random() < 0.7 else sorted(parts))
    parts[chosen] = bytes(atheris.Mutate(parts[chosen], 4096))
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part)
    return packed.getvalue() if len(packed.getvalue()) <= longest else content


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--reader", choices=NAMES, action="append")
    asked.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "seventy-findings")
    given = asked.parse_args()
    if find_spec("atheris") is None:
        asked.error('atheris is not installed: pip install -e ".[fuzz]" -c constraints.txt')
    readers = given.reader or NAMES
    given.findings.mkdir(exist_ok=True)
    seconds = int(given.minutes * 60 / len(readers))
    print(f"{'reader':12}{'seconds':>8}{'executions':>12}{'branches':>10}{'kept inputs':>13}{'found':>7}")
    found = 0
    for reader in readers:
        done = searched(reader, seconds, given.findings)
        print(f"{reader:12}{seconds:8}{done.executions:12,}{done.coverage:10,}{done.kept:13,}", end="")
        print(f"{'yes' if done.finding else 'no':>7}", flush=True)
        print(done.finding, end="\n" if done.finding else "", flush=True)
        found += bool(done.finding)
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--within"]:
        search(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    sys.exit(main())
