import { Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconPhoneCheck, IconSearch, IconStar, type TablerIcon } from "@tabler/icons-react";
import { choices, lookOf } from "../activities/activity";
import { Sign } from "../activities/Sign";
import { useChatState } from "../chat/context";
import { t } from "../lib/i18n";
import type { Sort, View } from "./filter";
import styles from "./PeoplePage.module.css";

const SORTS: Sort[] = ["name", "department", "activity"];

interface Props {
  view: View;
  count: number;
  departments: string[];
  onChange(change: Partial<View>): void;
}

/** Search, filters and order. */
export function PeopleHead({ view, count, departments, onChange }: Props) {
  return (
    <header className={styles.header}>
      <h1>{t("chat.people.title")}</h1>
      <span className={styles.count} role="status">
        {t("chat.people.count", { count })}
      </span>
      <TextInput
        className={styles.search}
        value={view.query}
        onChange={(event) => onChange({ query: event.currentTarget.value })}
        placeholder={t("chat.people.search")}
        aria-label={t("chat.people.search")}
        leftSection={<IconSearch size={17} stroke={1.7} />}
        data-people-search
        autoFocus={window.matchMedia("(pointer: fine)").matches}
      />
      <div className={styles.filters} role="group" aria-label={t("people.filters")}>
        <Chip
          label={t("people.reachable")}
          icon={IconPhoneCheck}
          on={view.reachable}
          onChange={(reachable) => onChange({ reachable })}
        />
        <Chip
          label={t("people.starred")}
          icon={IconStar}
          on={view.starred}
          onChange={(starred) => onChange({ starred })}
        />
        <Activities value={view.activity} onChange={(activity) => onChange({ activity })} />
        {departments.length > 0 && (
          <Select
            className={styles.select}
            data={departments}
            value={view.department}
            onChange={(department) => onChange({ department })}
            placeholder={t("people.allDepartments")}
            aria-label={t("people.department")}
            searchable={departments.length > 8}
            clearable
            radius="xl"
            size="sm"
            nothingFoundMessage={t("chat.people.none")}
          />
        )}
        <Select
          className={styles.sort}
          data={SORTS.map((sort) => ({ value: sort, label: t(`people.sort.${sort}`) }))}
          value={view.sort}
          onChange={(sort) => onChange({ sort: (sort ?? "name") as Sort })}
          aria-label={t("people.sort")}
          allowDeselect={false}
          radius="xl"
          size="sm"
        />
      </div>
    </header>
  );
}

interface ChipProps {
  label: string;
  icon: TablerIcon;
  on: boolean;
  onChange(on: boolean): void;
}

function Chip({ label, icon: Icon, on, onChange }: ChipProps) {
  return (
    <UnstyledButton className={styles.chip} aria-pressed={on} onClick={() => onChange(!on)}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {label}
    </UnstyledButton>
  );
}

interface ActivitiesProps {
  value: string | null;
  onChange(value: string | null): void;
}

function Activities({ value, onChange }: ActivitiesProps) {
  const types = choices(
    useChatState((state) => state.activities),
    [],
  );
  if (types.length === 0) return null;
  const looks = new Map(types.map((type) => [type.id, lookOf(type)]));
  return (
    <Select
      className={styles.select}
      data={types.map((type) => ({ value: type.id, label: looks.get(type.id)?.label ?? "" }))}
      value={value}
      onChange={onChange}
      placeholder={t("people.allActivities")}
      aria-label={t("people.activity")}
      clearable
      radius="xl"
      size="sm"
      maxDropdownHeight={420}
      renderOption={({ option }) => {
        const look = looks.get(option.value);
        return (
          <span className={styles.option}>
            {look && <Sign icon={look.icon} colour={look.colour} size={26} />}
            {option.label}
          </span>
        );
      }}
    />
  );
}
