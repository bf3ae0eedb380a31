import type { Problem } from "../../lib/problem";

/** `phones.0.number` and `phones.number` both belong to the field `phones` on screen. */
export function belongsTo(field: string | undefined, name: string): boolean {
  return field === name || (field?.startsWith(`${name}.`) ?? false);
}

/** The sentence to show at the field *name*, if the problem is about it. */
export function atField(problem: Problem | null, name: string): string | undefined {
  if (!problem || !belongsTo(problem.field, name)) return undefined;
  return withoutName(problem.detail, problem.field ?? "") || problem.title;
}

/** "Fältet name är tomt." beside the field itself is "Är tomt.": its place says which one. */
function withoutName(detail: string, field: string): string {
  for (const start of [`Fältet ${field} `, `The field ${field} `]) {
    if (!detail.startsWith(start)) continue;
    const rest = detail.slice(start.length);
    return rest.charAt(0).toUpperCase() + rest.slice(1);
  }
  return detail;
}

/** The sentence to show above the form: what no field of it is to blame for. */
export function aboveForm(problem: Problem | null, names: readonly string[]): string | undefined {
  if (!problem || names.some((name) => belongsTo(problem.field, name))) return undefined;
  return problem.detail || problem.title;
}

/** Whole seconds left until *until*, never below zero. Both in milliseconds. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}
