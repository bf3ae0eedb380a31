import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from "@mantine/core";
import { t } from "./lib/i18n";

// Spruce: the product's own colour. Shade 6 on paper and shade 4 on night both pass 4.5:1.
const spruce: MantineColorsTuple = [
  "#eaf6f2",
  "#d5ebe4",
  "#a9d7c9",
  "#7ac3ad",
  "#53b296",
  "#3aa888",
  "#0e7560",
  "#0b6352",
  "#085244",
  "#034135",
];

// Falu red: attention, mentions, what cannot be undone.
const falu: MantineColorsTuple = [
  "#fdeeea",
  "#f8dad3",
  "#f0b3a5",
  "#e98a74",
  "#e3684b",
  "#df5232",
  "#c8401f",
  "#a93519",
  "#8e2b14",
  "#73200d",
];

// Warm greys for night: 7 is the page, 6 a card, 4 a border.
const dark: MantineColorsTuple = [
  "#dfe3e0",
  "#b9c0bc",
  "#929b96",
  "#67716c",
  "#34403b",
  "#28322e",
  "#1b2320",
  "#141a18",
  "#0f1412",
  "#0a0e0d",
];

const gray: MantineColorsTuple = [
  "#faf9f6",
  "#f4f2ed",
  "#ebe8e1",
  "#dedad1",
  "#cbc6bb",
  "#aaa498",
  "#757067",
  "#5b574f",
  "#3a3833",
  "#22211e",
];

/** The theme, with the words that the library itself shows in the current language. */
export function localisedTheme(): MantineThemeOverride {
  const closeButtonProps = { "aria-label": t("common.close") };
  const { Modal } = theme.components as { Modal: { defaultProps: object } };
  return {
    ...theme,
    components: {
      ...theme.components,
      Modal: { defaultProps: { ...Modal.defaultProps, closeButtonProps } },
      Drawer: { defaultProps: { closeButtonProps } },
    },
  };
}

const theme = createTheme({
  primaryColor: "spruce",
  primaryShade: { light: 6, dark: 6 },
  colors: { spruce, falu, dark, gray },
  white: "#ffffff",
  black: "#1c2321",
  autoContrast: true,
  fontFamily: '"Inter Variable", "Vaxel Emoji", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  headings: {
    fontFamily:
      '"Schibsted Grotesk Variable", "Inter Variable", "Vaxel Emoji", system-ui, sans-serif',
    fontWeight: "650",
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "10px", lg: "14px", xl: "20px" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { fw: 600 } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: "lg",
        overlayProps: { backgroundOpacity: 0.45, blur: 3 },
        styles: { title: { fontSize: "1.1rem", fontWeight: 650 } },
      },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, arrowSize: 6 } },
    Menu: { defaultProps: { shadow: "lg", radius: "md" } },
    Popover: { defaultProps: { shadow: "lg", radius: "md" } },
  },
});
