"""Invoices, a row a line. What is paid, or being paid, is left alone: the nightly import must not stop."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.billing import issuing
from domain.billing.issuing import Draft, LineDraft
from domain.billing.listener import Listener
from domain.common import alerts
from domain.common.batches import among, columns_among, cut
from domain.common.money import LineTaxes
from domain.imports import belonging, lookalikes
from domain.imports.belonging import Belonging
from domain.imports.credits import Credit, plan_to_use
from domain.imports.credits import plan as plan_credits
from domain.imports.outcome import Cells, Change, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.two_sources import Ours, refuse_unmade
from models import (
    Allocation,
    CreditAllocation,
    Household,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    PaymentInvoice,
    Person,
    hold,
)

HEADER = {  # what an invoice's rows must share
    "household": Reason.HOUSEHOLD_DIFFERS,
    "issued_on": Reason.DATE_DIFFERS,
    "due_on": Reason.DUE_DATE_DIFFERS,
    "status": Reason.STATUS_DIFFERS,
}
MOST_OFF_CENTS = 5  # of a line's tax: sharing a whole's out to its dates, then to lines, is off by less
AT_ONCE = 20  # new invoices a write: one by one they took three times as long


@dataclass(frozen=True)
class Planned:
    """An invoice as the file wants it, from this line of it on."""

    line: int
    draft: Draft

    @property
    def number(self) -> str:
        return self.draft.number

    @property
    def people(self) -> set[int]:
        """The ids of those it is for."""
        return {person for line in self.draft.lines if isinstance(person := line["person"], int)}

    def of(self, household: int) -> "Planned":
        """Return the same, of a household."""
        values = self.draft.values | {"household": household}
        return replace(self, draft=replace(self.draft, household=household, values=values))


def plan(rows: Sequence[Row], ours: Ours, listener: Listener, progress: Watch = iter) -> Plan:
    """Plan the invoices to issue and to replace; nothing is written."""
    made = Plan()
    people = _known(rows, made, ours)
    grouped = _without_lookalikes(_group(rows, made.outcome), made.outcome)
    planned = [_plan(number, same, people, made.outcome) for number, same in progress(grouped.items())]
    known = by_key(among(Invoice.select(), Invoice.number, grouped), "number")
    for one in planned:
        refuse_unmade(one.line, "invoice_number", one.number, known, made.outcome, from_portal=ours.from_portal)
    if made.outcome.rejected:
        return made
    credits = by_key(among(HouseholdCredit.select(), HouseholdCredit.number, grouped), "number")
    belongs = _belonging(planned, [*known.values(), *credits.values()])
    if not ours.from_portal:
        planned = _at_home(planned, {**credits, **known}, belongs, made.outcome)
    brought = [Credit(one.line, one.draft) for one in planned if one.draft.is_credit]
    planned = [one for one in planned if not one.draft.is_credit and not _is_credit_here(one, credits, made)]
    unknown = [one for one in planned if one.number not in known]
    fresh = [one for one in unknown if ours.may_create(made, one.line, "invoice_number", one.number)]
    made.changes = [_issue(batch, listener) for batch in cut(fresh, AT_ONCE)]
    made.outcome.created = len(fresh)
    differing = _differing([one for one in planned if one.number in known], known)
    made.outcome.unchanged = len(planned) - len(unknown) - len(differing)
    _replace_what_may_be(differing, known, belongs, ours, listener, made)
    plan_credits(brought, known, credits, ours, listener, made)
    if not ours.from_portal:
        plan_to_use(listener, made)
    return made


def _belonging(planned: Sequence[Planned], here: Sequence[Invoice | HouseholdCredit]) -> Belonging:
    people = {person for one in planned for person in one.people}
    return belonging.of(people, {one.draft.household for one in planned} | {one.household_id for one in here})


def _at_home(
    planned: Sequence[Planned], here: Mapping[str, Invoice | HouseholdCredit], belongs: Belonging, outcome: Outcome
) -> list[Planned]:
    """Return each under the household it goes to; what is here stays; what goes nowhere is left alone and listed."""
    found = []
    for one in planned:
        told, kept = one.draft.household, here.get(one.number)
        if kept and belongs.stays(kept.household_id, told, one.people):
            found.append(one.of(kept.household_id))
        elif kept:
            found.append(one)
        elif (home := belongs.home(told, one.people)) is not None:
            found.append(one.of(home))
        else:
            outcome.left_alone.append(_not_at_home(one))
    return found


def _not_at_home(one: Planned) -> Problem:
    reason = Reason.CARD_ELSEWHERE if one.people else Reason.HOUSEHOLD_SPLIT
    return Problem(one.line, "household", reason, {"key": one.number}, one.number)


def _is_credit_here(one: Planned, credits: dict[str, HouseholdCredit], made: Plan) -> bool:
    """Tell whether an invoice of the file is a credit note here; it is then left alone and listed."""
    if one.number not in credits:
        return False
    made.outcome.left_alone.append(_left_alone(one, Reason.IS_A_CREDIT))
    return True


def _replace_what_may_be(
    differing: Sequence[Planned],
    known: dict[str, Invoice],
    belongs: Belonging,
    ours: Ours,
    listener: Listener,
    made: Plan,
) -> None:
    """Plan to replace invoices, but for those that are paid, being paid, or the portal's to change."""
    untouchable = _untouchable([known[one.number].id for one in differing])
    for one in differing:
        invoice = known[one.number]
        if invoice.id in untouchable:
            made.outcome.left_alone.append(_left_alone(one, untouchable[invoice.id]))
        elif not belongs.may_change(one.draft.household, one.people):
            made.outcome.left_alone.append(_not_at_home(one))
        elif ours.may_change(made, one.line, one.number, {"invoice_number"}):
            made.changes.append(_replace(invoice, one, listener))
            made.outcome.updated += 1
            if lowered := _lowered(invoice, one.draft):
                made.outcome.tell(Problem(one.line, "unit_price", Reason.INVOICE_LOWERED, lowered, one.number))


@dataclass(frozen=True)
class Known:
    """What the file names that is here: ids by household code and by card number."""

    households: dict[str, int]
    people: dict[str, int]


def _known(rows: Sequence[Row], made: Plan, ours: Ours) -> Known:
    outcome = made.outcome
    codes, cards = ({row.values[name] for row in rows} - {""} for name in ("household", "card_number"))
    households = dict(columns_among(Household.select(Household.code, Household.id), Household.code, codes))
    people = dict(columns_among(Person.select(Person.card_number, Person.id), Person.card_number, cards))
    for row in rows:
        code, card = row.values["household"], row.values["card_number"]
        if code not in households and ours.from_portal:
            made.homes.add(code)
        elif code not in households:
            outcome.rejected.append(Problem(row.line, "household", Reason.UNKNOWN_HOUSEHOLD, {"key": code}))
        if card and card not in people:
            outcome.rejected.append(Problem(row.line, "card_number", Reason.UNKNOWN_CARD, {"key": card}))
    return Known(households, people)


def _group(rows: Sequence[Row], outcome: Outcome) -> dict[str, list[Row]]:
    """Put an invoice's rows together, after checking what they must share."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        same = grouped.setdefault(row.values["invoice_number"], [])
        for name, reason in HEADER.items():
            if same and row.values[name] != same[0].values[name]:
                outcome.rejected.append(Problem(row.line, name, reason, {"line": same[0].line}))
        same.append(row)
    return grouped


def _without_lookalikes(grouped: dict[str, list[Row]], outcome: Outcome) -> dict[str, list[Row]]:
    """Leave aside, and list, what differs from another invoice by case alone: nobody could tell them apart."""
    alike = lookalikes.by_case(list(grouped))
    for number, other in alike.items():
        told = {"key": number, "other": other}
        outcome.left_alone.append(Problem(grouped[number][0].line, "invoice_number", Reason.LOOKS_LIKE, told, number))
    return {number: rows for number, rows in grouped.items() if number not in alike}


def _plan(number: str, rows: list[Row], known: Known, outcome: Outcome) -> Planned:
    """Work out what the rows of an invoice say; what cannot be goes to the outcome."""
    first = rows[0].values
    if first["due_on"] < first["issued_on"]:
        outcome.rejected.append(Problem(rows[0].line, "due_on", Reason.DUE_BEFORE_ISSUED))
    header = known.households.get(first["household"], 0), first["issued_on"], first["due_on"]
    lines = [_line(row.values, known.people.get(row.values["card_number"])) for row in rows]
    draft = issuing.work_out(number, *header, lines, first["status"])
    return Planned(rows[0].line, _with_taxes_told(draft, rows, outcome))


def _with_taxes_told(draft: Draft, rows: Sequence[Row], outcome: Outcome) -> Draft:
    """Return an invoice with the taxes that its rows say, if they do: shares of another's, a few cents off its own."""
    told = [(row.values.get("tps"), row.values.get("tvq")) for row in rows]
    if all(cents is None for both in told for cents in both):
        return draft
    taxes = [LineTaxes(tps or 0, tvq or 0) for tps, tvq in told]
    for row, line, said in zip(rows, draft.lines, taxes, strict=True):
        off = (abs(said.tps_cents - int(str(line["tps_cents"]))), abs(said.tvq_cents - int(str(line["tvq_cents"]))))
        if max(off) > MOST_OFF_CENTS:
            column = "tps" if off[0] > MOST_OFF_CENTS else "tvq"
            outcome.rejected.append(Problem(row.line, column, Reason.TAXES_DIFFER))
    return issuing.taxed_as(draft, taxes)


def _line(values: Cells, person: int | None) -> LineDraft:
    return LineDraft(
        description=values["description"],
        quantity_thousandths=values["quantity"],
        unit_price_cents=values["unit_price"],
        tax_code=values["tax_code"],
        category=values["category"],
        ledger_account=values["ledger_account"],
        person=person,
    )


def _differing(planned: Sequence[Planned], known: dict[str, Invoice]) -> list[Planned]:
    """Return those that are not what we have."""
    lines = _lines([known[one.number].id for one in planned])
    return [one for one in planned if not _same(known[one.number], lines.get(known[one.number].id, []), one.draft)]


def _lines(invoices: Collection[int]) -> dict[int, list[Cells]]:
    kept: dict[int, list[Cells]] = {}
    ordered = InvoiceLine.select().order_by(InvoiceLine.invoice, InvoiceLine.position)
    for line in among(ordered, InvoiceLine.invoice, invoices):
        columns = {name: value for name, value in line.__data__.items() if name not in ("id", "invoice")}
        kept.setdefault(line.invoice_id, []).append(columns)
    return kept


def _same(invoice: Invoice, lines: list[Cells], draft: Draft) -> bool:
    values = draft.values | {"household_id": draft.values["household"]}
    values.pop("household")
    return lines == draft.lines and all(getattr(invoice, name) == value for name, value in values.items())


def _untouchable(invoices: Collection[int]) -> dict[int, Reason]:
    """Tell why some invoices are left alone: being paid, or paid or credited once, even if it was taken back since."""
    why: dict[int, Reason] = {}
    for table in (Allocation, CreditAllocation):
        lines = InvoiceLine.select(InvoiceLine.invoice).join(table).distinct()
        paid = columns_among(lines, InvoiceLine.invoice, invoices)
        why |= dict.fromkeys((found for (found,) in paid), Reason.INVOICE_PAID)
    links = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    busy = columns_among(links, PaymentInvoice.invoice, invoices)
    return why | dict.fromkeys((found for (found,) in busy), Reason.INVOICE_BEING_PAID)


def _left_alone(one: Planned, why: Reason) -> Problem:
    return Problem(one.line, "invoice_number", why, {"invoice": one.number}, one.number)


def _lowered(invoice: Invoice, draft: Draft) -> dict[str, str | int]:
    """Tell from what to what the file lowers an open invoice, if it does: half-written, it leaves lines out."""
    before, after = invoice.balance_cents, draft.amounts.total_cents
    if not draft.is_open or after >= before:
        return {}
    return {"invoice": invoice.number, "before_cents": before, "after_cents": after}


def _issue(planned: Sequence[Planned], listener: Listener) -> Change:
    return lambda _outcome: issuing.issue([one.draft for one in planned], listener)


def _replace(invoice: Invoice, one: Planned, listener: Listener) -> Change:
    """Plan to put the file's version in place of ours, unless ours changed, or is being paid, meanwhile."""
    before = {name: getattr(invoice, name) for name in (*issuing.MONEY, "status", "paid_cents", "credited_cents")}

    def change(outcome: Outcome) -> None:
        hold(Invoice.select().where(Invoice.id == invoice.id))
        now = Invoice.get_by_id(invoice.id)
        why = _untouchable([invoice.id]).get(invoice.id)
        if not why and any(getattr(now, name) != value for name, value in before.items()):
            why = Reason.INVOICE_CHANGED
        if why:
            outcome.not_updated(_left_alone(one, why))
            outcome.written.pop(one.line, None)
            return
        issuing.replace(now, one.draft, listener)
        if lowered := _lowered(now, one.draft):
            alerts.raise_alert(alerts.Kind.INVOICE_LOWERED, one.number, **lowered)

    return change
