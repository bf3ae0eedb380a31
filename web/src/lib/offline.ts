/** Register the service worker, in the built app only: in development it would serve yesterday's files. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Without it the app works as a page does.
    });
  });
}
