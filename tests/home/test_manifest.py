"""The shortcut's name and icon."""

from tests.pages import PageReader


def test_the_manifest_names_the_city_and_icons_that_exist(client, city):
    page = PageReader(client.get("/favori").text)
    address = next(link["href"] for link in page.attributes("link") if link["rel"] == "manifest")
    answer = client.get(address)
    assert answer.mimetype == "application/manifest+json"
    assert (answer.json["short_name"], answer.json["start_url"]) == (city.site_name, "/")
    for icon in answer.json["icons"]:
        with client.get(icon["src"]) as file:
            assert (file.status_code, file.mimetype) == (200, icon["type"])
