/** A command that sends a message as a bot: to paste, change the room, and run. */
export function curl(address: string, token = "$TOKEN", room = "$ROOM_ID"): string {
  return [
    `curl -X POST "${address}/api/rooms/${room}/messages" \\`,
    `  -H "Authorization: Bearer ${token}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"client_id": "order-1042", "body": "Order **1042**"}'`,
  ].join("\n");
}
