#!/bin/sh
# gw_generate must see what the tests generated_fresh and schemas_additive rely on: a stale page, a field that has
# gone, a field that is new. Usage: generate_test.sh PATH_OF_GW_GENERATE
set -eu
generate=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/schemas/json" "$root/schemas/frozen" "$root/docs/reference"

must_fail() {
    if "$generate" "$1" "$root" 2>"$root/errors"; then
        echo "gw_generate $1 did not see that $2" >&2
        exit 1
    fi
    grep -q -e "$3" "$root/errors"
}

must_fail check "nothing is there" 'record.md is stale'
must_fail additive "nothing is listed" '+ entities\[\].name string always'
"$generate" write "$root"
"$generate" check "$root"
"$generate" additive "$root"

echo "a word by hand" >>"$root/docs/reference/article.md"
must_fail check "a page is stale" 'article.md is stale'
"$generate" write "$root"
"$generate" check "$root"

echo "entities[].shoe_size integer always" >>"$root/schemas/frozen/record.v1.txt"
must_fail additive "a field has gone" '- entities\[\].shoe_size integer always'
must_fail write "a field has gone" '- entities\[\].shoe_size integer always'
