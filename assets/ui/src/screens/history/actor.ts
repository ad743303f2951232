/** The product itself, when it undoes what did harm. */
export function isOwn(actor: string): boolean {
  return actor === "watchkeep";
}
