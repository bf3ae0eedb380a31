import type { ProblemBody } from "./types";

/** A refusal by the server, or "network" when no answer came at all. */
export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(body: Partial<ProblemBody>) {
    super(body.detail || body.title || "problem");
    this.name = "Problem";
    this.type = (body.type ?? "unexpected").replace(/^.*\/problems\//, "");
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.status = body.status ?? 0;
    this.field = body.field;
    this.retryAfter = body.retry_after;
  }

  /** True when the same request may well succeed later, unchanged. */
  get passing(): boolean {
    return (
      this.type === "network" ||
      this.type === "too-fast" ||
      this.type === "partner-down" ||
      this.status >= 500
    );
  }
}

/** No answer came: the connection, not the request, is to blame. */
export function networkProblem(title: string, detail = ""): Problem {
  return new Problem({ type: "/problems/network", title, detail, status: 0 });
}
