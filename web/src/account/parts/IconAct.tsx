import { ActionIcon, Tooltip } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";

/** An icon that acts; its label is both the tooltip and what a screen reader says. */
export function IconAct(props: {
  label: string;
  icon: TablerIcon;
  danger?: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  const { label, icon: Icon, danger, disabled, onClick } = props;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={danger ? "falu" : "gray"}
        size={36}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <Icon size={18} stroke={1.8} />
      </ActionIcon>
    </Tooltip>
  );
}
