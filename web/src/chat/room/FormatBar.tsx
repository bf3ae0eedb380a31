import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconBlockquote,
  IconBold,
  IconCode,
  IconItalic,
  IconList,
  IconStrikethrough,
} from "@tabler/icons-react";
import type { RefObject } from "react";
import { t } from "../../lib/i18n";
import styles from "./Composer.module.css";
import { prefixed, wrapped } from "./suggest";

type Change = ReturnType<typeof wrapped>;

const MARKS = [
  { name: "bold", icon: IconBold, change: by(wrapped, "**") },
  { name: "italic", icon: IconItalic, change: by(wrapped, "_") },
  { name: "strike", icon: IconStrikethrough, change: by(wrapped, "~~") },
  { name: "code", icon: IconCode, change: by(wrapped, "`") },
  { name: "list", icon: IconList, change: by(prefixed, "- ") },
  { name: "quote", icon: IconBlockquote, change: by(prefixed, "> ") },
];

function by(change: typeof wrapped, mark: string) {
  return (area: HTMLTextAreaElement): Change =>
    change(area.value, area.selectionStart, area.selectionEnd, mark);
}

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  apply(change: Change): void;
}

/** Buttons for those who do not know Markdown. */
export function FormatBar({ field, apply }: Props) {
  return (
    <div className={styles.format} role="toolbar" aria-label={t("chat.format.label")}>
      {MARKS.map(({ name, icon: Icon, change }) => (
        <Tooltip key={name} label={t(`chat.format.${name}`)}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={t(`chat.format.${name}`)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => field.current && apply(change(field.current))}
          >
            <Icon size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
