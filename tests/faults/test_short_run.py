"""The short version of `make faults`."""

from tests.faults.long_run import run


def test_nothing_is_lost_double_or_unresolved(town):
    report = run(town, payments=120, kill_every_seconds=4)
    print(report)
    assert report.audit.clean, str(report)
    assert report.faults
    assert report.kills
    assert report.disputes
    assert report.refunds
    assert report.audit.owed_back
    assert report.audit.charges > 80
    assert report.parents["pays"]
    assert all(report.places[state] for state in ("lapsed", "removed", "confirmed", "registrations"))
