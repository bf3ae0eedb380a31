import { Stack, Text, ThemeIcon } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  icon: TablerIcon;
  title: string;
  children?: ReactNode;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ icon: Icon, title, children }: Props) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light" color="spruce" aria-hidden>
        <Icon size={28} stroke={1.6} />
      </ThemeIcon>
      <Text fw={650} ff="heading" size="lg">
        {title}
      </Text>
      {children && (
        <Text size="sm" c="var(--ink-2)" maw={440} component="div">
          {children}
        </Text>
      )}
    </Stack>
  );
}
