"""What is said after asking."""


def test_page_says_what_happens_and_whom_to_call(client):
    html = client.get_page("/oubli/envoye")
    assert "Si ces renseignements correspondent" in html
    assert "819\u00a0843-1330" in html
