/** Who is told: one of the receivers, or a new one made on the spot. */
import { Stack } from "@mantine/core";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { useMayChange } from "../../app/session";
import { AddInline } from "../../parts/form/AddInline";
import { ObjectSelect } from "../../parts/form/inputs";
import type { FieldProps } from "../../parts/form/useFields";

const ReceiverForm = lazy(async () => ({ default: (await import("./ReceiverForm")).ReceiverForm }));

interface ReceiverSelectProps {
  label: string;
  value: string;
  change: (name: string) => void;
  field?: FieldProps;
  optional?: boolean;
}

export function ReceiverSelect(props: ReceiverSelectProps) {
  const { t } = useTranslation();
  const may = useMayChange("receiver");
  return (
    <Stack gap={4}>
      <ObjectSelect kind="receiver" {...props} />
      {may ? (
        <AddInline
          text={t("people.new.receivers")}
          added={props.change}
          form={(close) => <ReceiverForm existing={undefined} close={close} />}
        />
      ) : null}
    </Stack>
  );
}
