import { Select } from "@mantine/core";
import { useMemo } from "react";
import { t } from "../../lib/i18n";
import { zoneLabel, zones } from "./timeZones";

interface Props {
  value: string;
  error?: string | undefined;
  description?: string;
  onChange: (zone: string) => void;
}

/** A time zone, found by typing a part of its name. */
export function TimeZoneSelect({ value, error, description, onChange }: Props) {
  const data = useMemo(() => {
    const { common, others } = zones(value);
    const option = (zone: string) => ({ value: zone, label: zoneLabel(zone) });
    return [
      { group: t("account.zonesCommon"), items: common.map(option) },
      { group: t("account.zonesAll"), items: others.map(option) },
    ];
  }, [value]);
  return (
    <Select
      label={t("account.timeZone")}
      description={description}
      searchable
      allowDeselect={false}
      limit={80}
      nothingFoundMessage={t("account.zoneNone")}
      maxDropdownHeight={320}
      data={data}
      value={value}
      error={error}
      // Typing should replace the zone that stands there, not be squeezed into its name.
      onClick={(event) => event.currentTarget.select()}
      onChange={(zone) => zone && onChange(zone)}
    />
  );
}
