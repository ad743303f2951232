/** The form of a new channel, once its type is chosen. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelType } from "./channel";
import { MailForm } from "./MailForm";
import { WebhookForm } from "./WebhookForm";

interface ChannelFormProps {
  /** Chosen at first. */
  type?: ChannelType | undefined;
  /** Gets the name of what was made. */
  close: (name?: string) => void;
}

export function ChannelForm({ type: first = "mail", close }: ChannelFormProps) {
  const { t } = useTranslation();
  const [type, setType] = useState(first);
  const Form = type === "mail" ? MailForm : WebhookForm;
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label={t("channels.type")}
        value={type}
        onChange={(value) => setType(value as ChannelType)}
        data={(["mail", "webhook"] as const).map((value) => ({ value, label: t(`channels.types.${value}`) }))}
      />
      <Form existing={undefined} close={close} />
    </>
  );
}
