"""Sentences without values are written when a template is compiled; those with values, and what is typed, as before."""

import pytest

from views.web.folding import remembering


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ('{{ _("L’accueil") }}', "L’accueil"),
        ('{{ _("100 %%") }}', "100 %"),
        ('{{ _("Bonjour %(name)s", name=name) }}', "Bonjour &lt;b&gt;"),
        ('{{ _("<i>") if name else "" }}', "<i>"),
        ('{% set said = _("Oui") %}{{ said ~ name }}', "Oui&lt;b&gt;"),
        ("{{ _(name) }}", "<b>"),
    ],
)
def test_it_reads_as_gettext_gives_it(app, template, written):
    with app.test_request_context():
        assert app.jinja_env.from_string(template).render(name="<b>") == written


def test_a_sentence_without_values_is_in_the_compiled_template(app):
    compiled = app.jinja_env.compile('<p>{{ _("L’accueil") }}</p>', raw=True)
    assert "<p>L’accueil</p>" in compiled
    assert "gettext" not in compiled


def test_an_address_without_values_is_worked_out_once_and_one_with_values_each_time():
    asked = []

    def url_for(endpoint, **values):
        asked.append(endpoint)
        return f"/{endpoint}/{values}"

    address = remembering(url_for)
    assert [address("home"), address("home"), address("one", id=1), address("one", id=2)] == [
        "/home/{}", "/home/{}", "/one/{'id': 1}", "/one/{'id': 2}",
    ]  # fmt: skip
    assert asked == ["home", "one", "one"]
