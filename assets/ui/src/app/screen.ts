/** A screen that is loaded when it is first needed, together with its texts. */
import { type AsyncRouteComponent, lazyRouteComponent } from "@tanstack/react-router";
import type { Area } from "./areas";
import { texts } from "./i18n";

/** `load` imports the module, `name` is its component, `areas` are the texts it speaks. */
export function screen<Name extends string, Props>(
  load: () => Promise<Record<Name, (props: Props) => unknown>>,
  name: Name,
  ...areas: Area[]
): AsyncRouteComponent<Props> {
  const both = async () => {
    const [module] = await Promise.all([load(), texts(...areas)]);
    return module;
  };
  return lazyRouteComponent(both as () => Promise<Record<Name, never>>, name) as AsyncRouteComponent<Props>;
}
