import { withQuery } from "../lib/api";
import { currentLanguage, t } from "../lib/i18n";
import { networkProblem, Problem } from "../lib/problem";
import type { ContactImport } from "./types";

export type Format = "csv" | "vcard";

export const LARGEST = 64 * 1024 * 1024;

/** Which kind of file it is, by its name; null for what is neither. */
export function formatOf(name: string): Format | null {
  if (/\.(csv|txt|tsv)$/i.test(name)) return "csv";
  return /\.(vcf|vcard)$/i.test(name) ? "vcard" : null;
}

/**
 * Send a file to be read. *progress* hears the share that has been sent, 0 to 1: fetch cannot tell,
 * the older request can. Throws `Problem`.
 */
export function upload(
  file: File,
  scope: string,
  format: Format,
  progress: (share: number) => void,
): Promise<ContactImport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", withQuery("/api/contacts/import", { scope, format }));
    request.setRequestHeader("Accept-Language", currentLanguage());
    request.setRequestHeader("Content-Type", format === "csv" ? "text/csv" : "text/vcard");
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onerror = () => reject(networkProblem(t("common.offline"), t("common.offlineDetail")));
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status < 300) resolve(answer as ContactImport);
      else reject(new Problem({ status: request.status, ...answer }));
    };
    request.send(file);
  });
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return { title: t("common.unexpected") };
  }
}
