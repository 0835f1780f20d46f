"""The accounts of staff: who may what. The code is asked again for each change."""

from collections.abc import Callable

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue

from domain.staff import accounts
from views.forms.staff import AddStaffForm, ChangeStaffForm
from views.messages import staff
from views.staff import guard
from views.web.rendering import page, see

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/comptes", methods=["GET", "POST"])
@guard.needs("admin")
def everyone() -> ResponseReturnValue:
    """List the accounts, and open one: its temporary password is shown this once."""
    form = AddStaffForm()
    if form.validate_on_submit() and guard.takes_code(form):
        try:
            password = accounts.add(form.username.data, form.role.data, guard.me())
            return page("staff/accounts/temporary.html", username=form.username.data.strip(), password=password)
        except accounts.NameTaken:
            form.username.errors = [staff.name_taken()]
    return page("staff/accounts/everyone.html", form=form, accounts=accounts.everyone(), roles=staff.ROLES)


@blueprint.route("/comptes/<username>", methods=["GET", "POST"])
@guard.needs("admin")
def change(username: str) -> ResponseReturnValue:
    """Change a role, reset a lost password or phone, or close an account."""
    form = ChangeStaffForm()
    account = next((one for one in accounts.everyone() if one.username == username), None)
    if account is None:
        abort(404)
    if form.validate_on_submit() and guard.takes_code(form):
        try:
            password = carry_out(form.act.data)(username)
        except accounts.OwnAccount:
            form.act.errors = [staff.own_account()]
        except accounts.LastAdmin:
            form.act.errors = [staff.last_admin()]
        else:
            if password:
                return page("staff/accounts/temporary.html", username=username, password=password)
            flash(staff.settled())
            return see("staff.accounts.everyone")
    return page("staff/accounts/change.html", form=form, account=account, roles=staff.ROLES)


def carry_out(act: str) -> Callable[[str], str | None]:
    """Return what does an act to a user name."""
    by = guard.me()
    if act == "reset":
        return lambda username: accounts.reset(username, by)
    if act == "close":
        return lambda username: accounts.close(username, by)
    return lambda username: accounts.change_role(username, act, by)
