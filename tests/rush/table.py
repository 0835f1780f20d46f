"""What a rehearsal showed, as a table; budgets stand beside the figures, and are never loosened."""

from collections import Counter as Tally
from collections.abc import Iterator, Sequence

from tests.rush.rehearsal import FAULTS_PERCENT, Report, counted

WAITING_MS, LAST_PLACE_SECONDS, MEMORY_MB = 300, 180, 200
BUSY = 503
WAITING = ("waiting page", "waiting page, asked by itself")


def write(report: Report) -> str:
    """Write the whole table."""
    return "\n".join([*_said(report), "", *_pages(report.crowd["lines"]), "", *_truth(report)])


def _said(report: Report) -> Iterator[str]:
    wanted, crowd = report.wanted, report.crowd
    yield f"households          {wanted.households}, {report.places} places, seed {wanted.seed}"
    yield f"the last 10 minutes {wanted.before:.0f} s here; {report.sign_ins} sign in then (hashes: {wanted.hashes})"
    yield "                    the others' sessions were made in the database"
    yield f"gateway faults      {FAULTS_PERCENT:.0f} % of charges: {counted(report.faults) or 'none struck'}"
    before, after = report.load
    yield f"lasted              {report.seconds:.0f} s; load of the machine {before:.1f} before, {after:.1f} after"
    yield f"processor           server {report.server_cpu:.0f} s, the crowd's own {crowd['cpu_seconds']:.0f} s"
    yield f"how they ended      {counted(Tally(crowd['ends']))}"


def _pages(lines: Sequence) -> Iterator[str]:
    """Yield a line a page: before the hour apart from after it, where the same is asked in both."""
    times: dict[str, list[float]] = {}
    for name, moment, milliseconds, _status in lines:
        when = " (after the hour)" if moment >= 0 and name in (*WAITING, "sign-in page", "sign-in") else ""
        times.setdefault(name + when, []).append(milliseconds)
    yield f"{'page':40} {'asked':>6} {'p50 ms':>8} {'p99 ms':>8} {'most ms':>8}"
    for name, found in times.items():
        yield f"{name:40} {len(found):6} {at(found, 0.5):8.0f} {at(found, 0.99):8.0f} {max(found):8.0f}"


def at(times: Sequence[float], share: float) -> float:
    """Return the time within which this share was answered."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _truth(report: Report) -> Iterator[str]:
    lines, audit = report.crowd["lines"], report.audit
    statuses = Tally(status for *_rest, status in lines)
    failed = sum(times for status, times in statuses.items() if status >= 500 and status != BUSY)
    yield f"requests            {len(lines)}, unanswered {statuses[0]}, 5xx {failed}, 503 busy {statuses[BUSY]}"
    yield f"answers             {counted({str(status): times for status, times in statuses.items()})}"
    waited = [milliseconds for name, when, milliseconds, _status in lines if name in WAITING and when < 0]
    yield _held("waiting page p99", at(waited, 0.99) if waited else 0, WAITING_MS, "ms, before the hour")
    if report.last_place is None:
        yield f"last place          {report.left} of {report.places} places are left"
    else:
        yield _held("last place", report.last_place, LAST_PLACE_SECONDS, "s after the hour")
    yield _held("memory, peak", report.peak_mb, MEMORY_MB, "MB")
    yield f"registered          {audit.registered}, by {audit.charges} charges"
    for name, found in (
        ("oversold", audit.oversold),
        ("lost", audit.lost),
        ("charged, no place", audit.charged_without_a_place),
    ):
        yield f"{name:19} {len(found)}  {'; '.join(found[:5])}".rstrip()


def _held(name: str, figure: float, budget: float, unit: str) -> str:
    verdict = "ok" if figure <= budget else f"OVER by {figure - budget:.0f}"
    return f"{name:19} {figure:.1f} {unit} (budget {budget:.0f}: {verdict})"
