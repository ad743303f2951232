/** What a form about an account or a token holds, and what is wrong with it. */
import { first, isName } from "../../parts/form/rules";
import type { Faults } from "../../parts/form/useFields";
import type { GrantRow } from "./GrantRows";
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

/** Of an account that there is. */
export interface UserDraft extends Draft {
  /** Further roles, each somewhere. */
  also: GrantRow[];
}

const readable = (scope: readonly string[]) => scope.every((text) => testOf(text) !== undefined);

export function check({ name, scope }: Draft): Faults<Draft> {
  return {
    name: first([name !== "", "required"], [isName(name), "name"]),
    scope: first([readable(scope), "matcher"]),
  };
}

export function checkUser(draft: UserDraft): Faults<UserDraft> {
  const { also } = draft;
  return {
    ...check(draft),
    also: first(
      [also.every(({ scope }) => scope.length > 0), "somewhere"],
      [also.every(({ scope }) => readable(scope)), "matcher"],
    ),
  };
}
