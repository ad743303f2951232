/** Details that are folded away until somebody wants them. */
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import style from "./Fold.module.css";

interface FoldProps {
  title: string;
  open?: boolean;
  children: ReactNode;
}

export function Fold({ title, open = false, children }: FoldProps) {
  const [unfolded, setUnfolded] = useState(open);
  const id = useId();
  const Arrow = unfolded ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton
        className={style.title}
        aria-expanded={unfolded}
        aria-controls={unfolded ? id : undefined}
        onClick={() => setUnfolded(!unfolded)}
      >
        <Arrow size={16} aria-hidden />
        {title}
      </UnstyledButton>
      {unfolded ? (
        <div id={id} className={style.body}>
          {children}
        </div>
      ) : null}
    </div>
  );
}
