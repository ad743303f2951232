/** Makes what a field may choose, without leaving the form that the field is in. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, Suspense, useState } from "react";
import { Dialog } from "../Dialog";

interface AddInlineProps {
  /** On the button and over the dialog. */
  text: string;
  added: (name: string) => void;
  /** The form of the new object; closes with the name of what was made. */
  form: (close: (name?: string) => void) => ReactNode;
}

export function AddInline({ text, added, form }: AddInlineProps) {
  const [open, setOpen] = useState(false);
  const close = (name?: string) => {
    setOpen(false);
    if (name !== undefined) added(name);
  };
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: "start" }}
        leftSection={<IconPlus size={15} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {text}
      </Button>
      {open ? (
        // Around the dialog: it gives the focus to what is in it when it opens.
        <Suspense>
          <Dialog opened title={text} close={() => close()} size={640}>
            {form(close)}
          </Dialog>
        </Suspense>
      ) : null}
    </>
  );
}
