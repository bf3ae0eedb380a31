import { expect, it } from "vitest";
import { MOST_ZOOM, placed, START, scaled, within, zoomed } from "./crop";

const wide = { width: 400, height: 200 };

it("a picture covers the square by its shorter side", () => {
  expect(scaled(wide, 100, 1)).toEqual({ width: 200, height: 100 });
});

it("it cannot be dragged so far that an edge shows", () => {
  expect(within(wide, 100, { zoom: 1, x: 900, y: -30 })).toEqual({ zoom: 1, x: 50, y: 0 });
});

it("zoom has limits", () => {
  expect(within(wide, 100, { zoom: 99, x: 0, y: 0 }).zoom).toBe(MOST_ZOOM);
  expect(within(wide, 100, { zoom: 0.1, x: 0, y: 0 }).zoom).toBe(1);
});

it("what is in the middle stays there when zooming in", () => {
  expect(zoomed(wide, 100, { zoom: 1, x: 20, y: 0 }, 2)).toEqual({ zoom: 2, x: 40, y: 0 });
});

it("the cut is the same on a larger canvas", () => {
  expect(placed(wide, 512, 256, START)).toEqual({ left: -256, top: 0, width: 1024, height: 512 });
  expect(placed(wide, 512, 256, { zoom: 1, x: 128, y: 0 }).left).toBe(0);
});
