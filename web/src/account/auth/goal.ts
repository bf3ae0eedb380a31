/** Where to go after the sign-in: `?next=`, when it is a page of ours and not another site. */
export function goal(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  const ours = /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in");
  return ours ? next : "/";
}
