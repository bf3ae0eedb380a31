import { currentLanguage, t } from "./i18n";
import { networkProblem, Problem } from "./problem";

export { Problem } from "./problem";

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
type Query = Record<string, string | number | boolean | undefined | null>;

let signedOut: () => void = () => {};

/** Called when any request but the sign-in itself is answered with 401. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Build `/path?a=b`, leaving out what is undefined, null or empty. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function problemFrom(response: Response): Promise<Problem> {
  try {
    return new Problem({ status: response.status, ...(await response.json()) });
  } catch {
    return new Problem({ status: response.status, title: t("common.unexpected") });
  }
}

async function request<T>(method: Method, path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      ...init,
      headers: { "Accept-Language": currentLanguage(), ...init.headers },
    });
  } catch {
    throw networkProblem(t("common.offline"), t("common.offlineDetail"));
  }
  if (!response.ok) {
    const problem = await problemFrom(response);
    if (response.status === 401 && !(path === "/api/session" && method === "POST")) signedOut();
    throw problem;
  }
  if (response.status === 204 || response.status === 202) return undefined as T;
  return (await response.json()) as T;
}

function json(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** JSON over HTTP with the session cookie. Every method throws `Problem`. */
export const api = {
  get: <T>(path: string, query: Query = {}) => request<T>("GET", withQuery(path, query)),
  post: <T>(path: string, body?: unknown) => request<T>("POST", path, json(body)),
  patch: <T>(path: string, body: unknown) => request<T>("PATCH", path, json(body)),
  put: <T>(path: string, body: unknown) => request<T>("PUT", path, json(body)),
  delete: <T>(path: string) => request<T>("DELETE", path),
  /** A body that is not JSON: a picture, a CSV file. */
  send: <T>(method: "POST" | "PUT", path: string, body: Blob | string, contentType: string) =>
    request<T>(method, path, { body, headers: { "Content-Type": contentType } }),
};

/** The sentence to show a person for any thrown value. */
export function sentence(error: unknown): string {
  if (error instanceof Problem) return error.detail || error.title || t("common.unexpected");
  return t("common.unexpected");
}
