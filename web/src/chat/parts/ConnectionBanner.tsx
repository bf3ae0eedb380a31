import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { t } from "../../lib/i18n";
import { useChatState } from "../context";
import styles from "./parts.module.css";

/** A blink of the network is nobody's business. */
const PATIENCE_MS = 1500;

/** A quiet line while the connection is lost; it goes by itself. */
export function ConnectionBanner() {
  const connection = useChatState((state) => state.connection);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (connection === "online") {
      setLost(false);
      return;
    }
    const timer = setTimeout(() => setLost(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status" data-testid="connection">
      {lost && (
        <div className={styles.banner}>
          <IconCloudOff size={16} stroke={1.8} aria-hidden />
          <span>
            <strong>{t("chat.lost.title")}</strong> {t("chat.lost.detail")}
          </span>
        </div>
      )}
    </div>
  );
}
