"""« Créer un favori »: a shortcut, and nothing kept on the device."""

from pathlib import Path


def test_page_comes_whole_and_as_fragment(client):
    html = client.get_page("/favori")
    for words in ("iPhone", "Android", "Ctrl et D"):
        assert words in html


def test_no_service_worker_can_keep_a_personal_page():
    for script in Path("static").rglob("*.js"):
        assert "serviceWorker.register" not in script.read_text(encoding="utf-8"), script
