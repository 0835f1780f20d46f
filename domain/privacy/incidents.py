"""The register of confidentiality incidents: its eight fields, its five years (A-2.1, s. 63.11; r. 3.1)."""

from datetime import date

from domain.common import audit
from models import Incident, StaffAccount, write


def record(staff: StaffAccount, known_on: date, **fields: str) -> Incident:
    """Write an incident in the register."""
    with write():
        incident = Incident.create(known_on=known_on, recorded_by=staff.username, **fields)
        audit.by_staff(staff, audit.Act.INCIDENT_RECORDED, subject=str(incident.id))
    return incident


def register() -> list[Incident]:
    """Return the register, the latest first."""
    return list(Incident.select().order_by(Incident.known_on.desc(), Incident.id.desc()))
