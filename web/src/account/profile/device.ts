/** Whether the server's words for a device ("Safari, iPhone") mean one that fits in a pocket. */
export function isMobile(device: string): boolean {
  return /iPhone|iPad|Android|Mobil/i.test(device);
}
