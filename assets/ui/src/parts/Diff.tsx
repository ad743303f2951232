/** A unified diff, with the signs kept so that colour is not the only mark. */
import style from "./Diff.module.css";

export function Diff({ text, label }: { text: string; label: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    // A group, not a landmark: the same difference may be open in a drawer and in a question over it.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div role="group" className={style.scroll} aria-label={label} tabIndex={0}>
      <pre className={style.diff}>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never move
          <span key={at} data-mark={markOf(line)}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
    </div>
  );
}

function markOf(line: string): string | undefined {
  if (line.startsWith("@@") || line.startsWith("+++") || line.startsWith("---")) return "place";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : undefined;
}
