import { Button, Group, Slider, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { api } from "../../lib/api";
import { t } from "../../lib/i18n";
import { signedIn } from "../../lib/session";
import type { Me } from "../../lib/types";
import { Dialog } from "../parts/Dialog";
import { Notice } from "../parts/Notice";
import { useSubmit } from "../parts/useSubmit";
import { type Framing, MOST_ZOOM, placed, START, within, zoomed } from "./crop";
import styles from "./profile.module.css";

const WINDOW = 288;
const SAVED = 512;

interface Props {
  picture: ImageBitmap;
  onClose: () => void;
}

/** Frame the picture in the shape that colleagues see: drag, zoom, arrow keys; then send the square. */
export function CropDialog({ picture, onClose }: Props) {
  const [framing, setFraming] = useState<Framing>(START);
  const submit = useSubmit();
  const zoom = (value: number) => setFraming((now) => zoomed(picture, WINDOW, now, value));

  const save = async () => {
    const sent = await submit.run(async () => {
      const blob = await cut(picture, framing);
      signedIn(await api.send<Me>("PUT", "/api/me/picture", blob, blob.type));
      notifications.show({ message: t("account.saved"), color: "spruce", autoClose: 2500 });
    });
    if (sent) onClose();
  };

  return (
    <Dialog opened onClose={onClose} title={t("account.cropTitle")} size="auto">
      <Stack gap="md" w={WINDOW} maw="100%">
        <Frame picture={picture} framing={framing} onMove={setFraming} />
        <Text size="xs" c="var(--ink-2)" ta="center">
          {t("account.cropHint")}
        </Text>
        <Slider
          thumbLabel={t("account.zoom")}
          label={null}
          min={1}
          max={MOST_ZOOM}
          step={0.01}
          value={framing.zoom}
          onChange={zoom}
        />
        <Notice>{submit.message}</Notice>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={submit.busy} onClick={() => void save()} data-autofocus>
            {t("account.pictureUse")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface FrameProps {
  picture: ImageBitmap;
  framing: Framing;
  onMove: React.Dispatch<React.SetStateAction<Framing>>;
}

function Frame({ picture, framing, onMove }: FrameProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.current) paint(canvas.current, picture, framing, WINDOW * ratio);
  }, [picture, framing]);

  const move = (dx: number, dy: number) =>
    onMove((now) => within(picture, WINDOW, { ...now, x: now.x + dx, y: now.y + dy }));
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons & 1) move(event.movementX, event.movementY);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      move(...step);
    }
    if (event.key === "+" || event.key === "-") {
      const change = event.key === "+" ? 0.1 : -0.1;
      onMove((now) => zoomed(picture, WINDOW, now, Math.max(1, now.zoom + change)));
    }
  };

  return (
    <div
      className={styles.frame}
      role="application"
      aria-label={t("account.cropFrame")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the picture
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    >
      <canvas ref={canvas} className={styles.canvas} />
    </div>
  );
}

const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-8, 0],
  ArrowRight: [8, 0],
  ArrowUp: [0, -8],
  ArrowDown: [0, 8],
};

function paint(canvas: HTMLCanvasElement, picture: ImageBitmap, framing: Framing, side: number) {
  canvas.width = side;
  canvas.height = side;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const { left, top, width, height } = placed(picture, side, WINDOW, framing);
  // A picture with see-through parts gets paper behind it, in every theme.
  brush.fillStyle = "#ffffff";
  brush.fillRect(0, 0, side, side);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, left, top, width, height);
}

/** The framed square as a JPEG: small, and read everywhere. */
async function cut(picture: ImageBitmap, framing: Framing): Promise<Blob> {
  const canvas = document.createElement("canvas");
  paint(canvas, picture, framing, SAVED);
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new Error("the picture could not be encoded"));
    canvas.toBlob(done, "image/jpeg", 0.9);
  });
}
