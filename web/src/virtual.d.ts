/** Made by `emoji-plugin.ts`: [emoji, name, words to find it by, group, shortcode]. */
declare module "virtual:emoji/*" {
  const rows: [string, string, string, number, string][];
  export default rows;
}
