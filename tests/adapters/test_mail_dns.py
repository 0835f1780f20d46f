"""What a domain says of its mail, asked of a real DNS server on this machine."""

import socketserver
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.resolver import Resolver

from adapters import mail_dns
from adapters.mail_dns import Wrong

ALL = {
    "ville.qc.ca.": "v=spf1 include:spf.protection.outlook.com -all",
    "_dmarc.ville.qc.ca.": "v=DMARC1; p=reject",
    "selector1._domainkey.ville.qc.ca.": "v=DKIM1; p=MIIB",
}


class Names(socketserver.ThreadingUDPServer):
    """Answers what its names say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.says = dict(ALL)
        self.refuses = False


class Answers(socketserver.BaseRequestHandler):
    server: Names

    def handle(self) -> None:
        words, end = self.request
        asked = dns.message.from_wire(words)
        answer = dns.message.make_response(asked)
        name = asked.question[0].name.to_text()
        if self.server.refuses:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.server.says:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{self.server.says[name]}"'))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        end.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def names() -> Iterator[Names]:
    one = Names()
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield one
    one.shutdown()
    one.server_close()


def wrong(names: Names) -> list[str]:
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], names.server_address[1]
    return [one.key for one in mail_dns.problems("ville.qc.ca", resolver)]


def test_a_domain_that_says_all_is_well(names):
    assert wrong(names) == []


@pytest.mark.parametrize(
    ("name", "lacking"), list(zip(ALL, [Wrong.NO_SPF, Wrong.NO_DMARC, Wrong.NO_DKIM], strict=True))
)
def test_what_a_domain_does_not_say_is_named(names, name, lacking):
    del names.says[name]
    assert wrong(names) == [lacking]


def test_another_text_is_not_it(names):
    names.says["ville.qc.ca."] = "google-site-verification=abc"
    assert wrong(names) == [Wrong.NO_SPF]


def test_where_the_dns_does_not_answer_nothing_is_said(names):
    names.refuses = True
    names.says.clear()
    assert wrong(names) == []
