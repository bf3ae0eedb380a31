/** A picture in a square window: how much it is enlarged, and how far it is moved from the middle. */
export interface Framing {
  zoom: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const MOST_ZOOM = 4;
export const START: Framing = { zoom: 1, x: 0, y: 0 };

/** The size at which *picture* just covers a square of *side*, times the zoom. */
export function scaled(picture: Size, side: number, zoom: number): Size {
  const scale = (side / Math.min(picture.width, picture.height)) * zoom;
  return { width: picture.width * scale, height: picture.height * scale };
}

/** The nearest framing in which the picture covers the whole square. */
export function within(picture: Size, side: number, wanted: Framing): Framing {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, wanted.zoom));
  const size = scaled(picture, side, zoom);
  const reach = (length: number) => Math.max(0, (length - side) / 2);
  const keep = (value: number, most: number) => Math.min(most, Math.max(-most, value)) || 0;
  return { zoom, x: keep(wanted.x, reach(size.width)), y: keep(wanted.y, reach(size.height)) };
}

/** Zoom around the middle of the window: what is in the middle stays there. */
export function zoomed(picture: Size, side: number, now: Framing, zoom: number): Framing {
  const factor = zoom / now.zoom;
  return within(picture, side, { zoom, x: now.x * factor, y: now.y * factor });
}

/** Where to draw the picture on a canvas of *side*, for a framing made in a window of *window*. */
export function placed(picture: Size, side: number, window: number, framing: Framing) {
  const size = scaled(picture, side, framing.zoom);
  const ratio = side / window;
  return {
    left: (side - size.width) / 2 + framing.x * ratio,
    top: (side - size.height) / 2 + framing.y * ratio,
    ...size,
  };
}
