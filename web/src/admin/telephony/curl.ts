/** A signed question about a call, as an exchange asks it: to paste into a shell and run. */
export function signedCall(address: string, key: string, secret: string): string {
  return [
    `KEY='${key}'`,
    `SECRET='${secret}'`,
    `BODY='{"call_id": "test-1", "from": {"number": "+46701740605"}, "to": "201", "stage": "start"}'`,
    "TIME=$(date +%s)",
    `SIGNATURE=$(printf '%s%s' "$TIME" "$BODY" | openssl dgst -sha256 -hmac "$SECRET" | sed 's/.* //')`,
    `curl -X POST "${address}/pbx/v1/route" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -H "Vaxel-Key: $KEY" \\`,
    `  -H "Vaxel-Timestamp: $TIME" \\`,
    `  -H "Vaxel-Signature: $SIGNATURE" \\`,
    `  -H "Idempotency-Key: test-$TIME" \\`,
    `  -d "$BODY"`,
  ].join("\n");
}
