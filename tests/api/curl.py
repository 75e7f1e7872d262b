"""Stands in for curl where there is none: -X, -H and -d, then the body and the status."""

from __future__ import annotations

import argparse

import httpx

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("-X", dest="method", default="GET")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="data")
sent = parser.parse_args()
answer = httpx.request(
    sent.method,
    sent.url,
    headers=[tuple(header.split(": ", 1)) for header in sent.headers],
    content=sent.data and sent.data.replace("\n", ""),
)
print(answer.text)
print(answer.status_code, end="")
