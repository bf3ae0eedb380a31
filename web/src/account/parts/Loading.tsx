import { Button, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { sentence } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Notice } from "./Notice";
import type { Loaded } from "./useLoad";

interface Props<T> {
  from: Loaded<T>;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}

/** What was loaded; until then its outline, or why it could not be loaded and a way to try again. */
export function Loading<T>({ from, rows = 4, height = 56, children }: Props<T>) {
  if (from.data !== undefined) return children(from.data);
  if (from.error) {
    return (
      <Stack align="flex-start" gap="sm">
        <Notice>{sentence(from.error)}</Notice>
        <Button variant="default" onClick={() => void from.reload()}>
          {t("common.retry")}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="xs" role="status" aria-label={t("common.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outlines have no identity
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
