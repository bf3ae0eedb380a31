import "./tones.css";
import {
  IconBabyCarriage,
  IconBarbell,
  IconBeach,
  IconBellOff,
  IconCar,
  IconCheck,
  IconClock,
  IconCoffee,
  IconDoorExit,
  IconHome,
  IconPhone,
  IconPlane,
  IconSchool,
  IconStar,
  IconSunset2,
  IconThermometer,
  IconToolsKitchen2,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";

/** The signs of activities, by the names that the server knows them by. */
export const ICONS: Record<string, TablerIcon> = {
  check: IconCheck,
  users: IconUsers,
  "tools-kitchen": IconToolsKitchen2,
  coffee: IconCoffee,
  "door-exit": IconDoorExit,
  plane: IconPlane,
  home: IconHome,
  school: IconSchool,
  sunset: IconSunset2,
  beach: IconBeach,
  thermometer: IconThermometer,
  "bell-off": IconBellOff,
  car: IconCar,
  phone: IconPhone,
  baby: IconBabyCarriage,
  dumbbell: IconBarbell,
  star: IconStar,
  clock: IconClock,
};

export const COLOURS = [
  "green",
  "lime",
  "teal",
  "cyan",
  "blue",
  "indigo",
  "violet",
  "grape",
  "pink",
  "red",
  "orange",
  "yellow",
  "gray",
] as const;

/** The sign of a type; a clock for one that this client does not know. */
export function iconOf(name: string): TablerIcon {
  return ICONS[name] ?? IconClock;
}

/** The colour as `data-tone` wants it; gray for one that this client does not know. */
export function toneOf(colour: string): string {
  return (COLOURS as readonly string[]).includes(colour) ? colour : "gray";
}
