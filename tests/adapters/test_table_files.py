"""What a file is, is read or named; a byte that does not fit refuses it with its line."""

import pytest

from adapters.table_files import BadTable, table


@pytest.fixture
def reads(tmp_path):
    def run(raw: bytes) -> list[list[str]]:
        file = tmp_path / "in.csv"
        file.write_bytes(raw)
        header, lines = table(file)
        return [header, *(cells for _line, cells in lines)]

    return run


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\nx,y\n",
        b"a;b\r\nx;y\r\n",
        b"a\tb\nx\ty",
        b"a|b\nx|y\n",
        b"sep=;\r\na;b\r\nx;y\r\n",
        b"sep=\t\na\tb\nx\ty\n",
        b"\xef\xbb\xbf\xef\xbb\xbfa,b\nx,y\n",
        b"a,b\n , \nx,y\n\t\n   \n",
        b'a, "b"\nx, "y"\n',
        b"a,b\nx,y,,\n",
        "a,b\nx,y\n".encode("utf-16"),
        "a\tb\r\nx\ty\r\n".encode("utf-16-le").join([b"\xff\xfe", b""]),
    ],
)
def test_shapes_without_data_are_read_past(reads, raw):
    assert reads(raw) == [["a", "b"], ["x", "y"]]


def test_columns_without_a_name_at_the_right_are_there_and_empty(reads):
    assert reads(b"a,b,,\nx,y,,\nz\n") == [["a", "b", "", ""], ["x", "y", "", ""], ["z", "", "", ""]]


def test_what_stands_beyond_the_header_is_not_left_out(reads):
    assert reads(b"a,b\nx,y,,z\n")[1] == ["x", "y", "", "z"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("a,b\nZoé,1\nNoël,2\n".encode() + "Hébert,3\n".encode("cp1252"), "ligne 4 : ce fichier est en UTF-8, sauf"),
        ("a,b\nZoé,1\n".encode() + b"H\x81bert,3\n", "ligne 3 : ce fichier est en UTF-8, sauf"),
        (b"a,b\nHubert,1\nH\x81bert,3\n", "ligne 3 : ces lettres ne se lisent pas"),
        ("a,b\nx,1\nBédard,2\n".encode("cp850"), "ligne 3 : « B‚dard » a des lettres improbables"),
        ("a,b\nMichèle,2\n".encode("cp850"), "ligne 2 : « MichŠle »"),
        ("a,b\nétage,2\n".encode("cp850"), "ligne 2 : « ‚tage »"),
        ("a,b\nForêt à côté,2\n".encode("cp850"), "ligne 2 : "),
        ("a,b\nBédard,2\n".encode("mac-roman"), "ligne 2 : « BŽdard »"),
        ("a,b\nHôtel François,2\n".encode("mac-roman"), "ligne 2 : "),
        (b"a,b\nx,A\0B\n", "ligne 2 : le fichier contient un caractère nul"),
        (b"a,b,c\nx,y,z\nx,y", "ligne 3 : la dernière ligne est coupée"),
        (b'a,b\nx,"y\n', "mal formé"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "une page web"),
        (b"\n <!DOCTYPE html>\n", "une page web"),
        (b"%PDF-1.7\n", "un PDF"),
        (b"{\\rtf1 a,b}", "un document RTF"),
        (b'[{"a": 1}]', "du JSON"),
        (b"\x89PNG\r\n", "une image"),
        (b"\x1f\x8b\x08", "un fichier compressé"),
        (b"PK\x03\x04abc", "ce classeur ne se lit pas"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line_or_named_for_what_it_is(reads, raw, words):
    with pytest.raises(BadTable, match=words.replace("(", r"\(")):
        reads(raw)


@pytest.mark.parametrize(
    "text",
    [
        "Lecœur-Bédard’", "Šimek", "Tomáš Žák", "Forêt – à côté", "« Noël »", "“mot”", "10 € … 5 %", "Jean–Paul",
        "O’Brien", "ŒUVRE", "ACTIVITÉ\u00a0: été", "«CAFÉ»", "Fête™", "… puis",
    ],
)  # fmt: skip
def test_windows_own_letters_are_read(reads, text):
    assert reads(f"a;b\n{text};1\n".encode("cp1252"))[1] == [text, "1"]
