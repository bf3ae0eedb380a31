import { Center, Input, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { t } from "../../lib/i18n";

const CHOICES = [
  { value: "light", Icon: IconSun },
  { value: "dark", Icon: IconMoon },
  { value: "auto", Icon: IconDeviceDesktop },
] as const;

/** Light, dark, or as the system has it; remembered on this device. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Input.Wrapper
      label={t("account.theme")}
      labelElement="div"
      description={t("account.themeHint")}
      inputWrapperOrder={["label", "input", "description"]}
    >
      <SegmentedControl
        mt={4}
        mb={6}
        display="flex"
        maw={440}
        aria-label={t("account.theme")}
        value={colorScheme}
        onChange={(next) => setColorScheme(next as typeof colorScheme)}
        data={CHOICES.map(({ value, Icon }) => ({
          value,
          label: (
            <Center style={{ gap: 8 }}>
              <Icon size={16} aria-hidden />
              <span>{t(`account.theme.${value}`)}</span>
            </Center>
          ),
        }))}
      />
    </Input.Wrapper>
  );
}
