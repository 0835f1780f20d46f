"""Indexes that others begin with go: each was written for nothing, and none was read that the longer is not."""

REDUNDANT = """accompaniment_person_id activity_place_id allocation_payment_id asked_field_request_id
cart_item_activity_id cart_item_household_id cash_rounding_payment_id
credit_allocation_credit_note_id emergency_contact_person_id health_form_person_id
invoice_household_id invoice_line_invoice_id known_browser_account_id membership_household_id
noted_look_session_id payment_invoice_payment_id planned_invoice_contract_id refund_line_refund_id
refused_try_account_id refused_try_staff_id registration_person_id reminder_account_id
reservation_household_id reservation_place_id separation_person_id staff_role_staff_id
tax_receipt_payer_id
"""


def up(migrator, db):
    for name in REDUNDANT.split():
        db.execute_sql(f"DROP INDEX {name}")  # noqa: S608
