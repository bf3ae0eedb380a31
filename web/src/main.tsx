import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@fontsource-variable/inter";
import "@fontsource-variable/schibsted-grotesk";
import "./styles.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { StrictMode, useMemo } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { WhenBroken } from "./broken";
import { loadLanguage, useLanguage } from "./lib/i18n";
import { mendStyles } from "./lib/lazily";
import { registerServiceWorker } from "./lib/offline";
import { loadSession } from "./lib/session";
import { localisedTheme } from "./theme";

mendStyles();

function Root() {
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language is another theme
  const theme = useMemo(localisedTheme, [language]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="top-right" limit={3} />
      <WhenBroken>
        <App />
      </WhenBroken>
    </MantineProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  void loadSession();
  registerServiceWorker();
  void loadLanguage().then(() =>
    createRoot(root).render(
      <StrictMode>
        <Root />
      </StrictMode>,
    ),
  );
}
