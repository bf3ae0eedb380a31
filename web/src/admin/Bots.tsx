import { Button, Stack } from "@mantine/core";
import { IconPlus, IconRobot } from "@tabler/icons-react";
import { useState } from "react";
import { Empty } from "../account/parts/Empty";
import { Loading } from "../account/parts/Loading";
import { useLoad } from "../account/parts/useLoad";
import { t } from "../lib/i18n";
import { AddBot } from "./bots/AddBot";
import { BotCard } from "./bots/BotCard";
import { Example } from "./bots/Example";
import { Head } from "./parts";
import type { Bot } from "./types";

/** Bots, and the tokens with which other systems speak as them. */
export default function Bots() {
  const bots = useLoad<{ bots: Bot[] }>("/api/admin/bots");
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setAdding(true)}>
      {t("admin.botAdd")}
    </Button>
  );
  return (
    <>
      <Head title={t("admin.bots")} lead={t("admin.botsLead")}>
        {bots.data && bots.data.bots.length > 0 && add}
      </Head>
      <Loading from={bots} rows={2} height={140}>
        {(data) =>
          data.bots.length === 0 ? (
            <Empty icon={IconRobot} title={t("admin.botsEmpty")}>
              <Stack align="center" gap="md">
                {t("admin.botsEmptyHint")}
                {add}
              </Stack>
            </Empty>
          ) : (
            <Stack gap="lg">
              {data.bots.map((bot) => (
                <BotCard key={bot.id} bot={bot} onChanged={bots.reload} />
              ))}
              <Example />
            </Stack>
          )
        }
      </Loading>
      <AddBot opened={adding} onClose={() => setAdding(false)} onAdded={bots.reload} />
    </>
  );
}
