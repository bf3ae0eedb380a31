const COMMON = [
  "Europe/Stockholm",
  "Europe/Helsinki",
  "Europe/Oslo",
  "Europe/Copenhagen",
  "Europe/London",
  "UTC",
];

/** "UTC+01:00" for the zone at that moment; empty for a zone that this browser does not know. */
export function offset(zone: string, at = new Date()): string {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" });
    const name = parts.formatToParts(at).find((part) => part.type === "timeZoneName")?.value;
    return (name ?? "").replace("GMT", "UTC");
  } catch {
    return "";
  }
}

/** What to show for a zone: "Stockholm (Europa) …" would need a table; the zone's own name is known. */
export function zoneLabel(zone: string): string {
  const shift = offset(zone);
  const name = zone.replaceAll("_", " ");
  return shift && shift !== zone ? `${name} (${shift})` : name;
}

/** The Nordic zones first, then all that the browser knows; *current* is always among them. */
export function zones(current: string): { common: string[]; others: string[] } {
  const known = Intl.supportedValuesOf("timeZone");
  const others = known.filter((zone) => !COMMON.includes(zone));
  if (current && !COMMON.includes(current) && !others.includes(current)) others.unshift(current);
  return { common: COMMON, others };
}
