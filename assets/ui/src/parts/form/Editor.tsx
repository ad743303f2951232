/**
 * The form of one declared object: title and name, its own fields, then what saving would change,
 * then saving. Deleting goes the same way.
 */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { create, type Declared, remove, replace } from "../../api/changes";
import { type ObjectKind, type Objects, plurals, titleOf } from "../../api/objects";
import { useMayChange, useMayChangeThis } from "../../app/session";
import { ApplyDialog } from "../ApplyDialog";
import { useKindWords } from "../kindWords";
import { slug } from "./rules";
import type { Fields } from "./useFields";

export interface Named {
  name: string;
  title: string;
}

interface EditorProps<Kind extends ObjectKind, Draft extends Named> {
  kind: Kind;
  /** What is edited; none = a new one is made. */
  existing: Objects[Kind] | undefined;
  fields: Fields<Draft>;
  document: Declared;
  /** Gets the name of what is there now; none when it was deleted. */
  close: (name?: string) => void;
  /** Below the fields: what the change would mean. */
  preview?: ReactNode;
  children: ReactNode;
}

export function Editor<Kind extends ObjectKind, Draft extends Named>(props: EditorProps<Kind, Draft>) {
  const { kind, existing, fields, document, close, preview, children } = props;
  const { t } = useTranslation();
  const [asked, setAsked] = useState<"save" | "delete" | null>(null);
  // What is there decides; of something new what it would be, and its owner may still be chosen.
  const mayThis = useMayChangeThis(kind, existing?.spec);
  const mayNew = useMayChange(kind);
  const may = existing ? mayThis : mayNew;
  const words = useKindWords();
  const title = existing ? titleOf(existing) : fields.draft.title || fields.draft.name;
  const [called, within] = [words.called(kind, title), words.within(kind, title)];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form opened over another form is its own.
    event.stopPropagation();
    if (fields.settle()) setAsked("save");
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Names fields={fields} fixed={existing !== undefined} />
        {children}
        {preview}
        <Group justify="flex-end">
          {existing && may ? (
            <Button
              variant="default"
              mr="auto"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setAsked("delete")}
            >
              {t("action.delete")}
            </Button>
          ) : null}
          <Button variant="default" onClick={() => close()}>
            {t("action.cancel")}
          </Button>
          {may ? <Button type="submit">{t("form.review")}</Button> : null}
        </Group>
      </Stack>
      {asked === "save" ? (
        <ApplyDialog
          title={t("form.save_title", { object: within })}
          documents={[document]}
          said={t("form.saved", { object: called })}
          write={(why) =>
            existing
              ? replace(plurals[kind], document, existing.revision, why)
              : create(plurals[kind], document, why)
          }
          close={() => setAsked(null)}
          done={() => close(document.name)}
        />
      ) : null}
      {asked === "delete" && existing ? (
        <ApplyDialog
          title={t("form.delete_title", { object: within })}
          documents={[{ kind, name: existing.name, delete: true }]}
          said={t("form.deleted", { object: called })}
          write={() => remove(plurals[kind], existing)}
          close={() => setAsked(null)}
          done={() => close()}
        />
      ) : null}
    </form>
  );
}

/** The name follows the title until somebody writes it. */
function Names<Draft extends Named>({ fields, fixed }: { fields: Fields<Draft>; fixed: boolean }) {
  const { t } = useTranslation();
  const [named, setNamed] = useState(fixed);
  const { draft, set, field } = fields;
  const put = (change: Partial<Named>) => set(change as Partial<Draft>);
  return (
    <>
      <TextInput
        {...field("title", t("form.title_help"))}
        label={t("form.title")}
        value={draft.title}
        data-autofocus={!fixed || undefined}
        onChange={({ currentTarget: { value } }) =>
          put(named ? { title: value } : { title: value, name: slug(value) })
        }
      />
      <TextInput
        {...field("name", t("form.name_help"))}
        label={t("form.name")}
        value={draft.name}
        readOnly={fixed}
        withAsterisk
        onChange={({ currentTarget: { value } }) => {
          setNamed(true);
          put({ name: value });
        }}
      />
    </>
  );
}
