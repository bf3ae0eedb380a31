import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { t } from "./lib/i18n";

interface State {
  broken: boolean;
}

/** A fault in drawing the page, or a part of it that cannot be fetched: say so and offer a way on. */
export class WhenBroken extends Component<{ children: ReactNode }, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  return (
    <Center h="100%" p="lg" component="main">
      <Stack align="center" gap="sm" ta="center" maw={440}>
        <IconRefresh size={40} stroke={1.4} color="var(--ink-3)" aria-hidden />
        <Title order={1} fz="xl">
          {t("common.broken")}
        </Title>
        <Text c="var(--ink-2)">{t("common.brokenDetail")}</Text>
        <Button onClick={() => window.location.reload()}>{t("common.reload")}</Button>
      </Stack>
    </Center>
  );
}
