"""The accounts of staff: who may what. The code is asked again for each change."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain.staff import accounts
from views.forms.staff import AddStaffForm, ChangeStaffForm
from views.messages import staff
from views.staff import guard
from views.web.rendering import page, see

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/comptes", methods=["GET", "POST"])
def everyone() -> ResponseReturnValue:
    """List the accounts, and open one: its temporary password is shown this once."""
    form = AddStaffForm()
    if form.validate_on_submit() and guard.takes_code(form):
        try:
            password = accounts.add(form.username.data, *form.role.data, by=guard.me())
            return page("staff/accounts/temporary.html", username=form.username.data.strip(), password=password)
        except accounts.NameTaken:
            form.username.errors = [staff.name_taken()]
    return page("staff/accounts/everyone.html", form=form, accounts=accounts.everyone(), roles=staff.roles)


@blueprint.route("/comptes/<username>", methods=["GET", "POST"])
def change(username: str) -> ResponseReturnValue:
    """Change roles, reset a lost password or phone, or close an account."""
    account = next((one for one in accounts.everyone() if one.username == username), None)
    if account is None:
        abort(404)
    form = ChangeStaffForm(role=account.roles)
    if form.validate_on_submit() and guard.takes_code(form):
        try:
            password = carry_out(form, username)
        except accounts.OwnAccount:
            form.act.errors = [staff.own_account()]
        except accounts.LastAdmin:
            form.act.errors = [staff.last_admin()]
        else:
            if password:
                return page("staff/accounts/temporary.html", username=username, password=password)
            flash(staff.settled())
            return see("staff.accounts.everyone")
    return page("staff/accounts/change.html", form=form, account=account, roles=staff.roles)


def carry_out(form: ChangeStaffForm, username: str) -> str | None:
    """Do what the form asks to an account; return a temporary password where there is one."""
    by = guard.me()
    if form.act.data == "reset":
        return accounts.reset(username, by)
    if form.act.data == "close":
        accounts.close(username, by)
    else:
        accounts.change_roles(username, *form.roles, by=by)
    return None
