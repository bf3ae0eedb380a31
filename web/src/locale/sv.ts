import { join } from "./join";

export default join(import.meta.glob("./sv/*.json", { eager: true, import: "default" }));
