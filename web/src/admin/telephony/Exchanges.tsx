import { Button, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconServer2 } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../account/parts/Confirm";
import { Empty } from "../../account/parts/Empty";
import { Loading } from "../../account/parts/Loading";
import { useLoad } from "../../account/parts/useLoad";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { Head } from "../parts";
import { AddExchange } from "./AddExchange";
import { ExchangeCard } from "./ExchangeCard";
import { RotateSecret } from "./RotateSecret";
import type { Exchange } from "./types";

/** The telephone exchanges that ask Växel what to do with calls. */
export default function Exchanges() {
  const exchanges = useLoad<{ credentials: Exchange[] }>("/api/admin/pbx");
  const [adding, setAdding] = useState(false);
  const [rotated, setRotated] = useState<Exchange | null>(null);
  const [removed, setRemoved] = useState<Exchange | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setAdding(true)}>
      {t("telephony.exchangeAdd")}
    </Button>
  );
  const remove = async () => {
    await api.delete(`/api/admin/pbx/${removed?.id}`);
    notifications.show({ message: t("telephony.exchangeRemoved"), color: "spruce" });
    await exchanges.reload();
  };
  return (
    <>
      <Head title={t("telephony.exchanges")} lead={t("telephony.exchangesLead")}>
        {exchanges.data && exchanges.data.credentials.length > 0 && add}
      </Head>
      <Loading from={exchanges} rows={2} height={110}>
        {({ credentials }) =>
          credentials.length === 0 ? (
            <Empty icon={IconServer2} title={t("telephony.exchangeEmpty")}>
              <Stack align="center" gap="md">
                {t("telephony.exchangeEmptyHint")}
                {add}
              </Stack>
            </Empty>
          ) : (
            <Stack gap="lg">
              {credentials.map((one) => (
                <ExchangeCard
                  key={one.id}
                  exchange={one}
                  onRotate={() => setRotated(one)}
                  onRemove={() => setRemoved(one)}
                />
              ))}
            </Stack>
          )
        }
      </Loading>
      <AddExchange opened={adding} onClose={() => setAdding(false)} onAdded={exchanges.reload} />
      <RotateSecret exchange={rotated} onClose={() => setRotated(null)} onDone={exchanges.reload} />
      <Confirm
        opened={removed !== null}
        title={t("telephony.exchangeRemoveTitle", { name: removed?.name ?? "" })}
        deed={t("telephony.exchangeRemove")}
        onClose={() => setRemoved(null)}
        onConfirm={remove}
      >
        {t("telephony.exchangeRemoveText")}
      </Confirm>
    </>
  );
}
