import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { emojiData } from "./emoji-plugin.ts";
import { shellFiles } from "./shell-plugin.ts";

// `npm run dev` beside a running server: VAXEL_PORT tells which one.
const server = `http://127.0.0.1:${process.env.VAXEL_PORT ?? "8080"}`;

export default defineConfig({
  plugins: [react(), emojiData(), shellFiles()],
  server: {
    proxy: {
      // The server takes cookies from its own origin only, so that is what it must see.
      "/api": { target: server, changeOrigin: true, headers: { origin: server } },
      "/oauth": { target: server, changeOrigin: true, headers: { origin: server } },
      "/socket.io": { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
    },
  },
  build: {
    // Fonts and icons stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
