#!/bin/sh
# Fetches a token from Perennial with curl (7.76 or newer) and keeps the answer in a folder that only you can read.
# Prints the answer. Ends with 3 when only a person can help; what they need is on standard error.
set -eu
: "${PERENNIAL_URL:=http://localhost:5173}" "${PERENNIAL_KEY:?}" "${CONNECTION_ID:?}"
: "${PERENNIAL_CACHE:=$HOME/.cache/perennial}"
umask 077
mkdir -p "$PERENNIAL_CACHE"
kept="$PERENNIAL_CACHE/$CONNECTION_ID"
[ -f "$kept.json" ] || rm -f "$kept.etag"

# The key comes on standard input, so that it is in no list of processes. --retry waits as Retry-After says.
status=$(printf 'header = "Authorization: Bearer %s"\n' "$PERENNIAL_KEY" |
  curl --config - --silent --show-error --retry 3 --write-out '%{http_code}' \
    --etag-compare "$kept.etag" --etag-save "$kept.etag" --output "$kept.new" \
    "$PERENNIAL_URL/v1/connections/$CONNECTION_ID/token")

case $status in
  200) mv "$kept.new" "$kept.json" ;;
  304) rm -f "$kept.new" ;; # the one that is kept is still good
  *)
    cat "$kept.new" >&2
    rm -f "$kept.new" "$kept.json" "$kept.etag"
    [ "$status" = 409 ] && exit 3
    exit 1
    ;;
esac
cat "$kept.json"
