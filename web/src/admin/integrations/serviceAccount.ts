/** The key file of a service account, or null when *text* is something else. Pure. */
export function accountOf(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null || Array.isArray(found)) return null;
    return "private_key" in found && "client_email" in found
      ? (found as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
