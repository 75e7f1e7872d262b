"""No address that somebody writes leads the desk into the inner network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.network_addresses import is_public, parse_destination
from ticket_app.settings import reload_settings

REFUSED = (
    "http://127.0.0.1/",
    "https://127.0.0.1:8443/x",
    "http://127.1/",
    "http://127.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://203.0.113.9/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[3fff::1]/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[ff02::1]/",
    "http://１２７.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://1.2.3/",
    "http://8.8.2056/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://desk.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://intranet/",
    "http://user@example.com/",
    "http://user:word@example.com/",
    "http://@example.com/",
    "http://example.com#@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://exa\tmple.com/",
    "http://exa\nmple.com/",
    "http://example.com/\r\nHost: inner",
    "http://example.com/ü",
    "http://example.com:0/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:70000/",
    "http://example.com:x/",
    "http://-example.com/",
    "http://exam_ple..com/",
    "http:///x",
    "http://",
    "//example.com/",
    "example.com",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "http://[::1",
    "http://[1]/",
    "",
    "http://example.com/" + "x" * 2000,
)


@pytest.mark.parametrize("url", REFUSED)
def test_unsafe_destination_is_rejected(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_destination(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://your-app.com/webhooks/tickets", "your-app.com", 443, "/webhooks/tickets"),
        ("http://Example.COM", "example.com", 80, "/"),
        ("https://example.com:8443/a?b=c&d=%20", "example.com", 8443, "/a?b=c&d=%20"),
        ("https://example.com.?x", "example.com", 443, "/?x"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "/"),
        ("http://8.8.8.8/", "8.8.8.8", 80, "/"),
        ("http://[2606:4700::1111]:3000/", "2606:4700::1111", 3000, "/"),
        ("http://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808", 80, "/"),
    ],
)
def test_what_is_public_is_read_once(url: str, host: str, port: int, target: str) -> None:
    found = parse_destination(url)
    assert (found.host, found.port, found.path_and_query) == (host, port, target)
    assert not found.is_allowlisted


@pytest.mark.parametrize(
    "allowed",
    [
        "127.0.0.1:9000,intranet",
        '["127.0.0.1:9000", "Intranet"]',
        " intranet , [::1] ,127.0.0.1:9000",
    ],
)
def test_the_operator_allows_hosts_and_ports_by_name(
    monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", allowed)
    reload_settings()
    assert parse_destination("http://127.0.0.1:9000/x").is_allowlisted
    assert parse_destination("http://INTRANET:81/x").is_allowlisted
    for url in ("http://127.0.0.1:9001/", "http://127.0.0.2:9000/", "http://127.1:9000/"):
        with pytest.raises(Invalid):
            parse_destination(url)
    with pytest.raises(Invalid):
        parse_destination("http://intranet.inner.local/")


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_outside_the_global_space_is_never_public(address: object) -> None:
    text = str(address)
    if is_public(text):
        assert text.startswith(("2", "3", "64:ff9b::", "::ffff:"))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        try:
            found = parse_destination(url)
        except Invalid:
            continue
        assert found.host.isascii()
        assert found.path_and_query.isascii()
