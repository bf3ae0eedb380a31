import { join } from "./join";

export default join(import.meta.glob("./en/*.json", { eager: true, import: "default" }));
