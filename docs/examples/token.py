"""Fetches a token from Perennial and keeps it for as long as Perennial says. Needs Python 3.8 or newer, nothing else."""
import json
import os
import time
import urllib.error
import urllib.request

URL = os.environ.get("PERENNIAL_URL", "http://localhost:5173")
KEY = os.environ.get("PERENNIAL_KEY", "")
CONNECTION_ID = os.environ.get("CONNECTION_ID", "")

kept = None  # (token, etag, keep until)


def get_token():
    """A token that works. Raises when only a person can help: the message says why and where."""
    global kept
    for _ in range(4):
        if kept is not None and time.monotonic() < kept[2]:
            return kept[0]
        headers = {"Authorization": f"Bearer {KEY}"}
        if kept is not None:
            headers["If-None-Match"] = kept[1]
        request = urllib.request.Request(f"{URL}/v1/connections/{CONNECTION_ID}/token", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                token = json.load(answer)["access_token"]
                kept = (token, answer.headers["ETag"], keep_until(answer.headers))
                return token
        except urllib.error.HTTPError as answer:
            if answer.code == 304 and kept is not None:
                kept = (kept[0], kept[1], keep_until(answer.headers))
                return kept[0]
            if answer.code in (429, 503):
                time.sleep(int(answer.headers.get("Retry-After", "5")))
                continue
            kept = None  # 409: it is dead. Whoever can reconnect the account should be sent the link.
            error = json.load(answer)["error"]
            link = error.get("reconnect_url", "")
            raise SystemExit(f"{error['code']}: {error['message']} {error['cure']} {link}")
    raise SystemExit("Perennial asked for a pause four times in a row.")


def keep_until(headers):
    return time.monotonic() + int(headers.get("X-Max-Cache-Seconds", "0"))


first = get_token()
second = get_token()  # out of the cache, or by a 304
print(f"a token of {len(first)} characters" if first == second else "the token was renewed in between")
