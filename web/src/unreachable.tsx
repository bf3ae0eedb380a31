import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect } from "react";
import { t } from "./lib/i18n";
import { loadSession } from "./lib/session";

const TRY_EVERY_MS = 5000;

/** The first page could not be loaded: keep trying, and let the person try too. */
export function Unreachable() {
  useEffect(() => {
    const attempt = () => void loadSession();
    const timer = setInterval(attempt, TRY_EVERY_MS);
    window.addEventListener("online", attempt);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", attempt);
    };
  }, []);
  return (
    <Center h="100%" p="lg" component="main">
      <Stack align="center" gap="sm" ta="center">
        <IconPlugConnectedX size={40} stroke={1.4} color="var(--ink-3)" aria-hidden />
        <Title order={1} fz="xl">
          {t("common.offline")}
        </Title>
        <Text c="var(--ink-2)">{t("common.offlineDetail")}</Text>
        <Button onClick={() => void loadSession()}>{t("common.retry")}</Button>
      </Stack>
    </Center>
  );
}
