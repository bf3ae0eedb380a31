import { Redirect, useLocation, useSearch } from "wouter";
import { backFrom } from "./consent";

/** Who comes back from giving consent lands at the front page; the way leads on to the calendars. */
export function ConsentReturn() {
  const [path] = useLocation();
  const search = useSearch();
  const onward = path === "/" ? backFrom(search) : null;
  return onward && <Redirect to={onward} replace />;
}
