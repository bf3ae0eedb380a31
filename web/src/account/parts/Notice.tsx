import { Alert } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

const LOOKS = {
  problem: { color: "falu", Icon: IconAlertCircle, role: "alert" },
  done: { color: "spruce", Icon: IconCircleCheck, role: "status" },
  hint: { color: "gray", Icon: IconInfoCircle, role: "note" },
} as const;

interface Props {
  kind?: keyof typeof LOOKS;
  title?: string;
  children: ReactNode;
}

/** A sentence that matters, read out when it appears. Nothing at all without content. */
export function Notice({ kind = "problem", title, children }: Props) {
  if (!children) return null;
  const { color, Icon, role } = LOOKS[kind];
  return (
    <Alert
      color={color}
      variant="light"
      radius="md"
      title={title}
      role={role}
      icon={<Icon size={18} />}
    >
      {children}
    </Alert>
  );
}
