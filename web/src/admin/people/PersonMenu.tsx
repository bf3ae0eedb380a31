import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconLock, IconLockOpen, IconMailForward, IconPencil } from "@tabler/icons-react";
import { t } from "../../lib/i18n";
import { useMe } from "../../lib/session";
import type { AdminPerson } from "../types";
import { statusOf } from "./filter";

export interface Acts {
  edit: (person: AdminPerson) => void;
  /** Asks first; blocks, or lets in again. */
  block: (person: AdminPerson) => void;
  resend: (person: AdminPerson) => void;
}

/** What can be done with one person. */
export function PersonMenu({ person, acts }: { person: AdminPerson; acts: Acts }) {
  const me = useMe();
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t("admin.menuFor", { name: person.name })}
          onClick={(event) => event.stopPropagation()}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        <Menu.Item leftSection={<IconPencil size={17} />} onClick={() => acts.edit(person)}>
          {t("admin.edit")}
        </Menu.Item>
        {statusOf(person) === "invited" && (
          <Menu.Item
            leftSection={<IconMailForward size={17} />}
            onClick={() => acts.resend(person)}
          >
            {t("admin.resend")}
          </Menu.Item>
        )}
        {person.id !== me.id && (
          <>
            <Menu.Divider />
            <Menu.Item
              c={person.blocked ? undefined : "var(--attention)"}
              leftSection={person.blocked ? <IconLockOpen size={17} /> : <IconLock size={17} />}
              onClick={() => acts.block(person)}
            >
              {t(person.blocked ? "admin.unblock" : "admin.block")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
