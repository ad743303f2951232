/** What a form about an account or a token holds, and what is wrong with it. */
import { first, isName } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import { testOf } from "./selected";

export interface Draft {
  name: string;
  title: string;
  role: string;
  scope: string[];
  /** Of accounts alone. */
  disabled: boolean;
}

export const nothing: Draft = { name: "", title: "", role: "viewer", scope: [], disabled: false };

export function check({ name, scope }: Draft): Faults<Draft> {
  return {
    name: first([name !== "", "required"], [isName(name), "name"]),
    scope: first([scope.every((text) => testOf(text) !== undefined), "matcher"]),
  };
}
