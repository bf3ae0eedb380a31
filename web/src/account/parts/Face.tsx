import { Avatar } from "@mantine/core";
import { initials, tint } from "./initials";

interface Named {
  name: string;
  picture?: string | null;
}

/** A person's picture, else the initials on a colour that stays theirs. */
export function Face({ person, size = 36 }: { person: Named; size?: number }) {
  return (
    <Avatar
      src={person.picture ?? null}
      alt=""
      size={size}
      radius="xl"
      color={tint(person.name)}
      variant="light"
      aria-hidden
    >
      {initials(person.name)}
    </Avatar>
  );
}
