/** PEM of the authority that a provider's certificate comes from. */
import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldProps } from "../../parts/form/useFields";

interface CertificatesProps {
  field: FieldProps;
  value: string;
  change: (value: string) => void;
}

export function Certificates({ field, value, change }: CertificatesProps) {
  const { t } = useTranslation();
  return (
    <Textarea
      {...field}
      label={t("users.sign_in.ca")}
      value={value}
      autosize
      minRows={3}
      maxRows={12}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
